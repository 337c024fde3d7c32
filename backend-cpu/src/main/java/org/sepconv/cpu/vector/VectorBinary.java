package org.sepconv.cpu.vector;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.Binary;

/**
 * The functions of {@link Binary} over ranges: loops that C2 compiles by themselves, as {@link
 * VectorLoop}.
 */
final class VectorBinary {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private static final MethodType TYPE =
      MethodType.methodType(
          void.class,
          float[].class,
          int.class,
          float[].class,
          int.class,
          float[].class,
          int.class,
          int.class);

  private static final VectorBinary ADD = new VectorBinary("add");
  private static final VectorBinary SUBTRACT = new VectorBinary("subtract");
  private static final VectorBinary MULTIPLY = new VectorBinary("multiply");
  private static final VectorBinary DIVIDE = new VectorBinary("divide");
  private static final VectorBinary MAXIMUM = new VectorBinary("max");

  private final MethodHandle loop;

  private VectorBinary(String method) {
    this.loop = VectorLoop.handle(MethodHandles.lookup(), method, TYPE);
  }

  /** {@code to[ti + i]} = the function of {@code a[ai + i]} and {@code b[bi + i]}, for i &lt; n. */
  static void apply(
      Binary.Function function, float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    try {
      of(function).loop.invokeExact(a, ai, b, bi, to, ti, n);
    } catch (Throwable e) {
      throw VectorLoop.unchecked(e);
    }
  }

  private static VectorBinary of(Binary.Function function) {
    return switch (function) {
      case ADD -> ADD;
      case SUBTRACT -> SUBTRACT;
      case MULTIPLY -> MULTIPLY;
      case DIVIDE -> DIVIDE;
      case MAXIMUM -> MAXIMUM;
      case POWER, MINIMUM, PRELU ->
          throw new IllegalArgumentException(function + " is no loop over vectors");
    };
  }

  private static FloatVector load(float[] values, int at) {
    return FloatVector.fromArray(SPECIES, values, at);
  }

  static void add(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).add(load(b, bi + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = a[ai + i] + b[bi + i];
    }
  }

  static void subtract(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).sub(load(b, bi + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = a[ai + i] - b[bi + i];
    }
  }

  static void multiply(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).mul(load(b, bi + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = a[ai + i] * b[bi + i];
    }
  }

  static void divide(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).div(load(b, bi + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = a[ai + i] / b[bi + i];
    }
  }

  static void max(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).max(load(b, bi + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = Math.max(a[ai + i], b[bi + i]);
    }
  }
}
