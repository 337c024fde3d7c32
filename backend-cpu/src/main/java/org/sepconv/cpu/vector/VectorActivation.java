package org.sepconv.cpu.vector;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.Activation;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/** The activations that are more than a clamp, over values that were just written. */
final class VectorActivation {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private VectorActivation() {}

  private static final VectorLoop HARD_SWISH = loop("hardSwish");
  private static final VectorLoop SILU = loop("silu");
  private static final VectorLoop SIGMOID = loop("sigmoid");
  private static final VectorLoop HARD_SIGMOID = loop("hardSigmoid");
  private static final VectorLoop GELU = loop("gelu");
  private static final VectorLoop TANH = loop("tanh");
  private static final VectorLoop LEAKY_RELU = loop("leakyRelu");

  private static VectorLoop loop(String method) {
    return VectorLoop.of(MethodHandles.lookup(), method);
  }

  /** Applies {@code activation} to {@code values[from]} to {@code values[end - 1]}. */
  static void apply(Activation activation, float[] values, int from, int end) {
    float slope = activation instanceof Activation.LeakyRelu leaky ? leaky.slope() : 0;
    loop(activation).apply(values, from, end, slope);
  }

  private static VectorLoop loop(Activation activation) {
    return switch (activation) {
      case Activation.HardSwish _ -> HARD_SWISH;
      case Activation.Silu _ -> SILU;
      case Activation.Sigmoid _ -> SIGMOID;
      case Activation.HardSigmoid _ -> HARD_SIGMOID;
      case Activation.Gelu _ -> GELU;
      case Activation.Tanh _ -> TANH;
      case Activation.LeakyRelu _ -> LEAKY_RELU;
      case Activation.None _, Activation.Relu _, Activation.Relu6 _, Activation.Clamp _ ->
          throw new IllegalArgumentException("tiles apply " + activation + " themselves");
    };
  }

  /** Some whole vectors and a part of one. */
  static TinyProblem tinyProblem(Activation activation) {
    float[] values = new float[4 * Span.SLACK - 1];
    return new TinyProblem(() -> apply(activation, values, 0, values.length));
  }

  static void hardSwish(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      hardSwish(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  private static FloatVector hardSwish(FloatVector x) {
    FloatVector gate = x.add(3);
    gate = gate.blend(6, gate.compare(VectorOperators.GT, 6));
    FloatVector y = x.mul(gate).mul(1 / 6f);
    return y.blend(0, x.compare(VectorOperators.LE, -3));
  }

  static void silu(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      silu(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  private static FloatVector silu(FloatVector x) {
    FloatVector y = x.div(exp(x.neg()).add(1));
    return y.blend(0, x.compare(VectorOperators.LT, -EXP_MAX));
  }

  static void sigmoid(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      sigmoid(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  private static FloatVector sigmoid(FloatVector x) {
    FloatVector y = FloatVector.broadcast(SPECIES, 1).div(exp(x.neg()).add(1));
    return y.blend(0, x.compare(VectorOperators.LT, -EXP_MAX));
  }

  static void hardSigmoid(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      hardSigmoid(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  private static FloatVector hardSigmoid(FloatVector x) {
    FloatVector y = x.add(3);
    y = y.blend(0, y.compare(VectorOperators.LT, 0));
    y = y.blend(6, y.compare(VectorOperators.GT, 6));
    return y.mul(1 / 6f);
  }

  static void gelu(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      gelu(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  /** From here on exp(-x^2 / 2) leaves nothing of a float. */
  private static final float GELU_MAX = 13;

  /**
   * max(x, 0) minus what the tail of the normal distribution cuts off: with s = |x| that is {@code
   * s * exp(-s^2 / 2) * g(s)}, where g(s) = erfc(s / sqrt 2) * exp(s^2 / 2) / 2 is t times a
   * polynomial in t = 1 / (1 + 0.26 s), to 2e-8 (fitted to g by weighted least squares). No digits
   * cancel, so that the error is a few ulp of the result, at x below 0 some more.
   */
  private static FloatVector gelu(FloatVector x) {
    FloatVector s = x.blend(x.neg(), x.compare(VectorOperators.LT, 0));
    VectorMask<Float> nothing = s.compare(VectorOperators.GT, GELU_MAX);
    s = s.blend(GELU_MAX, nothing); // what comes of more is denormal: a hundred times as slow
    FloatVector cut = tail(s, s).blend(0, nothing);
    return x.blend(0, x.compare(VectorOperators.LT, 0)).sub(cut);
  }

  /** A factor times what lies beyond s, from 0 to {@link #GELU_MAX}, of the normal distribution. */
  static FloatVector tail(FloatVector s, FloatVector factor) {
    FloatVector t = FloatVector.broadcast(SPECIES, 1).div(s.mul(0.26f).add(1));
    FloatVector p = t.fma(0.031065868f, -0.15557355f);
    p = p.fma(t, FloatVector.broadcast(SPECIES, 0.25720897f));
    p = p.fma(t, FloatVector.broadcast(SPECIES, -0.15755866f));
    p = p.fma(t, FloatVector.broadcast(SPECIES, 0.16557568f));
    p = p.fma(t, FloatVector.broadcast(SPECIES, 0.049022224f));
    p = p.fma(t, FloatVector.broadcast(SPECIES, 0.10355456f));
    p = p.fma(t, FloatVector.broadcast(SPECIES, 0.10294125f));
    p = p.fma(t, FloatVector.broadcast(SPECIES, 0.10376364f));
    return factor.mul(p.mul(t)).mul(exp(s.mul(s).mul(-0.5f)));
  }

  static void tanh(float[] values, int from, int end, float none) {
    for (int i = from; i < end; i += SPECIES.length()) {
      tanh(FloatVector.fromArray(SPECIES, values, i)).intoArray(values, i);
    }
  }

  /**
   * {@code 1 - 2 / (exp(2|x|) + 1)} with the sign of x; near 0, where that cancels, x plus x^3
   * times a polynomial (Cephes, tanhf).
   */
  private static FloatVector tanh(FloatVector x) {
    VectorMask<Float> negative = x.compare(VectorOperators.LT, 0);
    FloatVector s = x.blend(x.neg(), negative);
    FloatVector far = FloatVector.broadcast(SPECIES, -2).div(exp(s.add(s)).add(1)).add(1);
    far = far.blend(far.neg(), negative);
    FloatVector z = x.mul(x);
    FloatVector p = z.fma(-5.70498872745e-3f, 2.06390887954e-2f);
    p = p.fma(z, FloatVector.broadcast(SPECIES, -5.37397155531e-2f));
    p = p.fma(z, FloatVector.broadcast(SPECIES, 1.33314422036e-1f));
    p = p.fma(z, FloatVector.broadcast(SPECIES, -3.33332819422e-1f));
    FloatVector near = p.fma(z.mul(x), x);
    return far.blend(near, z.compare(VectorOperators.LT, 0.390625f));
  }

  /** Where 2^n reaches the largest exponent: exp is about 2.4e38. */
  private static final float EXP_MAX = 88.37f;

  private static final float LOG2_E = 1.44269504f;

  /** ln 2 in two parts; the first has few enough bits for its product with n to be exact. */
  static final float LN2_HIGH = 0.693359375f;

  static final float LN2_LOW = -2.12194440e-4f;

  /** Adding 1.5 * 2^23 rounds to a whole number, which then stands in the low bits. */
  private static final float ROUND = 12582912f;

  /**
   * exp to about 1 ulp between -{@link #EXP_MAX} and {@link #EXP_MAX}, and that of the nearer bound
   * outside: 2^n times a polynomial (Cephes, expf).
   *
   * <p>Not {@code lanewise(EXP)}: that is one function in the interpreter and another in compiled
   * code, and the same input would give other bits once the JVM is warm.
   */
  private static FloatVector exp(FloatVector argument) {
    FloatVector x = argument.blend(EXP_MAX, argument.compare(VectorOperators.GT, EXP_MAX));
    x = x.blend(-87, x.compare(VectorOperators.LT, -87));
    return exp(x, 0x3f800000);
  }

  /**
   * The same for any x whose exp a float can hold.
   *
   * @param one the bits of 1: 2^n is multiplied with it, and n is at most 127; or those of 1/2
   */
  static FloatVector exp(FloatVector x, int one) {
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(-LN2_HIGH, 0).add(x);
    r = n.lanewise(VectorOperators.FMA, FloatVector.broadcast(SPECIES, -LN2_LOW), r);
    FloatVector p = r.fma(1.9875691500e-4f, 1.3981999507e-3f);
    p = p.fma(r, FloatVector.broadcast(SPECIES, 8.3334519073e-3f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 4.1665795894e-2f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 1.6666665459e-1f));
    p = p.fma(r, FloatVector.broadcast(SPECIES, 5.0000001201e-1f));
    p = p.fma(r.mul(r), r).add(1);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(one);
    return p.mul(exponent.reinterpretAsFloats());
  }

  static void leakyRelu(float[] values, int from, int end, float slope) {
    for (int i = from; i < end; i += SPECIES.length()) {
      leakyRelu(FloatVector.fromArray(SPECIES, values, i), slope).intoArray(values, i);
    }
  }

  private static FloatVector leakyRelu(FloatVector x, float slope) {
    return x.blend(x.mul(slope), x.compare(VectorOperators.LT, 0));
  }
}
