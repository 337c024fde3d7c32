package org.sepconv.cpu.vector;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A function of a vector over a range of values. What is left of a vector is computed apart: a
 * masked store takes some processors as long as ten others.
 *
 * <p>The loop is a method that C2 compiles by itself and puts into no other: it is called by a
 * handle that is no constant. A method in which it stood twice, or beside another such loop, would
 * have more than C2's 18,000 nodes; what C2 comes to after these it calls, and then vectors are
 * objects for good.
 */
final class VectorLoop {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private static final MethodType TYPE =
      MethodType.methodType(void.class, float[].class, int.class, int.class, float.class);

  /** A vector for what is left. */
  private static final ThreadLocal<float[]> REST =
      ThreadLocal.withInitial(() -> new float[SPECIES.length()]);

  private final MethodHandle loop;

  private VectorLoop(MethodHandle loop) {
    this.loop = loop;
  }

  /**
   * @param method a static one, {@code (float[] values, int from, int end, float parameter)}, over
   *     whole vectors
   */
  static VectorLoop of(MethodHandles.Lookup lookup, String method) {
    return new VectorLoop(handle(lookup, method, TYPE));
  }

  /** A static method of the class that looks it up. */
  static MethodHandle handle(MethodHandles.Lookup lookup, String method, MethodType type) {
    try {
      return lookup.findStatic(lookup.lookupClass(), method, type);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(method, e);
    }
  }

  /**
   * Puts the function of {@code values[from]} to {@code values[end - 1]} in their places. The tail
   * runs the same operations as the rest, so that every value depends on its argument alone, not on
   * its place.
   *
   * @param parameter of the function; 0 where it has none
   */
  void apply(float[] values, int from, int end, float parameter) {
    int whole = from + SPECIES.loopBound(end - from);
    call(values, from, whole, parameter);
    if (whole < end) {
      float[] rest = REST.get();
      System.arraycopy(values, whole, rest, 0, end - whole);
      call(rest, 0, rest.length, parameter);
      System.arraycopy(rest, 0, values, whole, end - whole);
    }
  }

  private void call(float[] values, int from, int end, float parameter) {
    try {
      loop.invokeExact(values, from, end, parameter);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** What a loop threw: it declares no exceptions. */
  static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> throw new AssertionError("loops declare no exceptions", thrown);
    };
  }
}
