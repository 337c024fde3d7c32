package org.sepconv.cpu.vector;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.Unary;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/** The functions of {@link Unary} over ranges, as {@link VectorActivation} has activations. */
final class VectorUnary {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private static final VectorLoop ABSOLUTE = loop("absolute");
  private static final VectorLoop NEGATIVE = loop("negative");
  private static final VectorLoop RECIPROCAL = loop("reciprocal");
  private static final VectorLoop EXPONENTIAL = loop("exponential");
  private static final VectorLoop LOGARITHM = loop("logarithm");
  private static final VectorLoop ERROR_FUNCTION = loop("errorFunction");

  private VectorUnary() {}

  private static VectorLoop loop(String method) {
    return VectorLoop.of(MethodHandles.lookup(), method);
  }

  /** Puts {@code function} of {@code values[from]} to {@code values[end - 1]} in their places. */
  static void apply(Unary.Function function, float[] values, int from, int end) {
    loop(function).apply(values, from, end, 0);
  }

  /** Some whole vectors and a part of one. */
  static TinyProblem tinyProblem(Unary.Function function) {
    float[] values = new float[4 * Span.SLACK - 1];
    return new TinyProblem(() -> apply(function, values, 0, values.length));
  }

  private static VectorLoop loop(Unary.Function function) {
    return switch (function) {
      case ABSOLUTE -> ABSOLUTE;
      case NEGATIVE -> NEGATIVE;
      case RECIPROCAL -> RECIPROCAL;
      case EXPONENTIAL -> EXPONENTIAL;
      case LOGARITHM -> LOGARITHM;
      case ERROR_FUNCTION -> ERROR_FUNCTION;
    };
  }

  static void absolute(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i++) {
      values[i] = Math.abs(values[i]);
    }
  }

  static void negative(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i++) {
      values[i] = -values[i];
    }
  }

  static void reciprocal(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i++) {
      values[i] = 1 / values[i];
    }
  }

  static void exponential(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      exponential(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  /** The largest argument whose exponential is no infinity. */
  private static final float EXP_MAX = 88.72284f;

  /** Twice 2^(n - 1), since 2^128 is no float; below -87 zero. */
  private static FloatVector exponential(FloatVector argument) {
    VectorMask<Float> infinite = argument.compare(VectorOperators.GT, EXP_MAX);
    FloatVector x = argument.blend(EXP_MAX, infinite);
    x = x.blend(-87, x.compare(VectorOperators.LT, -87));
    FloatVector half = VectorActivation.exp(x, 0x3f000000);
    return half.add(half).blend(Float.POSITIVE_INFINITY, infinite);
  }

  static void logarithm(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      logarithm(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  /** 1.5 * 2^23: adding it to the bits of a small whole number makes a float of that. */
  private static final float WHOLE = 12582912f;

  /** x = 2^e m with m between the roots of 1/2 and 2, and a polynomial in m - 1 (Cephes, logf). */
  private static FloatVector logarithm(FloatVector x) {
    VectorMask<Float> subnormal = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(0x1p23f), subnormal).reinterpretAsInts();
    FloatVector e =
        bits.lanewise(VectorOperators.LSHR, 23)
            .add(Float.floatToRawIntBits(WHOLE) - 126)
            .reinterpretAsFloats()
            .sub(WHOLE);
    e = e.blend(e.sub(23), subnormal);
    FloatVector m = bits.and(0x007fffff).or(0x3f000000).reinterpretAsFloats();
    VectorMask<Float> small = m.compare(VectorOperators.LT, 0.70710678f);
    e = e.blend(e.sub(1), small);
    m = m.blend(m.add(m), small).sub(1);
    FloatVector log = logarithm(e, m).add(x.sub(x)); // NaN of NaN
    log = log.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY));
    log = log.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    return log.blend(Float.NaN, x.compare(VectorOperators.LT, 0));
  }

  /**
   * {@code e ln 2 + ln(1 + m)}; a method of its own, for C2 inlines none of more than 325 bytes.
   */
  private static FloatVector logarithm(FloatVector e, FloatVector m) {
    FloatVector z = m.mul(m);
    FloatVector p = m.fma(7.0376836292e-2f, -1.1514610310e-1f);
    p = p.fma(m, FloatVector.broadcast(SPECIES, 1.1676998740e-1f));
    p = p.fma(m, FloatVector.broadcast(SPECIES, -1.2420140846e-1f));
    p = p.fma(m, FloatVector.broadcast(SPECIES, 1.4249322787e-1f));
    p = p.fma(m, FloatVector.broadcast(SPECIES, -1.6668057665e-1f));
    p = p.fma(m, FloatVector.broadcast(SPECIES, 2.0000714765e-1f));
    p = p.fma(m, FloatVector.broadcast(SPECIES, -2.4999993993e-1f));
    p = p.fma(m, FloatVector.broadcast(SPECIES, 3.3333331174e-1f));
    FloatVector y = p.mul(m).mul(z);
    y = e.fma(FloatVector.broadcast(SPECIES, VectorActivation.LN2_LOW), y);
    y = z.fma(FloatVector.broadcast(SPECIES, -0.5f), y);
    return e.fma(FloatVector.broadcast(SPECIES, VectorActivation.LN2_HIGH), m.add(y));
  }

  static void errorFunction(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      errorFunction(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  /**
   * Up to 1 x times a polynomial in x^2 (Cephes, erff); beyond, 1 less twice the tail that {@link
   * VectorActivation#tail} has.
   */
  private static FloatVector errorFunction(FloatVector x) {
    FloatVector z = x.mul(x);
    FloatVector p = z.fma(7.853861353153693e-5f, -8.010193625184903e-4f);
    p = p.fma(z, FloatVector.broadcast(SPECIES, 5.188327685732524e-3f));
    p = p.fma(z, FloatVector.broadcast(SPECIES, -2.685381193529856e-2f));
    p = p.fma(z, FloatVector.broadcast(SPECIES, 1.128358514861418e-1f));
    p = p.fma(z, FloatVector.broadcast(SPECIES, -3.761262582423300e-1f));
    p = p.fma(z, FloatVector.broadcast(SPECIES, 1.128379165726710f));
    VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
    FloatVector s = x.blend(x.neg(), negative);
    s = s.blend(5, s.compare(VectorOperators.GT, 5)); // 1, to a float
    FloatVector far =
        VectorActivation.tail(s.mul(1.41421356f), FloatVector.broadcast(SPECIES, -2)).add(1);
    far = far.blend(far.neg(), negative);
    return far.blend(p.mul(x), z.compare(VectorOperators.LT, 1));
  }
}
