package org.sepconv.cpu.vector;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Powers of one exponent: {@code 2^(exponent * log2 |x|)} in float64, rounded, to 1 ulp. What that
 * does not hold for (0, infinities, NaN, negative values to broken exponents) is computed value by
 * value.
 */
final class VectorPower {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

  /** At once: two kilobytes. */
  private static final int CHUNK = 256;

  private static final ThreadLocal<double[]> VALUES =
      ThreadLocal.withInitial(() -> new double[CHUNK]);

  /** Two loops that C2 compiles by themselves, as a {@link VectorLoop}. */
  private static final VectorPower LOOPS = new VectorPower();

  private final MethodHandle log2 =
      VectorLoop.handle(
          MethodHandles.lookup(),
          "log2",
          MethodType.methodType(boolean.class, double[].class, int.class));

  private final MethodHandle exp2 =
      VectorLoop.handle(
          MethodHandles.lookup(),
          "exp2",
          MethodType.methodType(void.class, double[].class, int.class, double.class));

  private VectorPower() {}

  /**
   * {@code to[ti + i]} = the power of {@code a[ai + i]}, for i &lt; n.
   *
   * @param exponent finite
   */
  static void apply(float exponent, float[] a, int ai, float[] to, int ti, int n) {
    double[] values = VALUES.get();
    for (int from = 0; from < n; from += CHUNK) {
      int first = ai + from;
      int target = ti + from;
      int count = Math.min(CHUNK, n - from);
      for (int i = 0; i < count; i++) {
        values[i] = a[first + i];
      }
      int end = Math.ceilDiv(count, SPECIES.length()) * SPECIES.length();
      Arrays.fill(values, count, end, 1);
      if (LOOPS.power(values, end, exponent)) {
        for (int i = 0; i < count; i++) {
          to[target + i] = (float) values[i];
        }
      } else {
        for (int i = 0; i < count; i++) {
          to[target + i] = power(a[first + i], exponent, values[i]);
        }
      }
    }
  }

  private static float power(float x, float exponent, double ofMagnitude) {
    float magnitude = Math.abs(x);
    boolean whole = exponent == Math.rint(exponent);
    if (magnitude > 0 && magnitude < Float.POSITIVE_INFINITY && (x > 0 || whole)) {
      boolean odd = Math.abs(exponent % 2) == 1;
      return (float) (x < 0 && odd ? -ofMagnitude : ofMagnitude);
    }
    return (float) Math.pow(x, exponent);
  }

  static TinyProblem tinyProblem() {
    float[] values = new float[4 * SPECIES.length() - 1];
    Arrays.fill(values, 2);
    return new TinyProblem(() -> apply(0.75f, values, 0, values, 0, values.length));
  }

  /** Whether all values were positive and finite; else the powers are those of magnitudes. */
  private boolean power(double[] values, int end, double exponent) {
    try {
      boolean usual = (boolean) log2.invokeExact(values, end);
      exp2.invokeExact(values, end, exponent);
      return usual;
    } catch (Throwable e) {
      throw VectorLoop.unchecked(e);
    }
  }

  /** Of magnitudes; whether they were all values, and finite. */
  static boolean log2(double[] values, int end) {
    VectorMask<Double> usual = SPECIES.maskAll(true);
    for (int i = 0; i < end; i += SPECIES.length()) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, values, i);
      usual = usual.and(x.compare(VectorOperators.GT, 0)).and(x.compare(VectorOperators.LT, INF));
      log2(x).intoArray(values, i);
    }
    return usual.allTrue();
  }

  private static final double INF = Double.POSITIVE_INFINITY;

  /** 2^52: its lowest bits are a whole number's. */
  private static final double WHOLE = 0x1p52;

  /**
   * |x| = 2^e m with m between the roots of 1/2 and 2; of m the series of the inverse hyperbolic
   * tangent of (m - 1) / (m + 1), to 2^-34.
   */
  private static DoubleVector log2(DoubleVector x) {
    LongVector bits = x.reinterpretAsLongs();
    DoubleVector e =
        bits.lanewise(VectorOperators.LSHL, 1)
            .lanewise(VectorOperators.LSHR, 53)
            .or(Double.doubleToRawLongBits(WHOLE))
            .reinterpretAsDoubles()
            .sub(WHOLE + 1023);
    DoubleVector m =
        bits.and(0x000f_ffff_ffff_ffffL).or(0x3ff0_0000_0000_0000L).reinterpretAsDoubles();
    VectorMask<Double> large = m.compare(VectorOperators.GT, 1.4142135623730951);
    m = m.blend(m.mul(0.5), large);
    e = e.blend(e.add(1), large);
    DoubleVector s = m.sub(1).div(m.add(1));
    DoubleVector z = s.mul(s);
    DoubleVector p = z.fma(2 / 11.0 * LOG2_E, 2 / 9.0 * LOG2_E);
    p = p.fma(z, DoubleVector.broadcast(SPECIES, 2 / 7.0 * LOG2_E));
    p = p.fma(z, DoubleVector.broadcast(SPECIES, 2 / 5.0 * LOG2_E));
    p = p.fma(z, DoubleVector.broadcast(SPECIES, 2 / 3.0 * LOG2_E));
    p = p.fma(z, DoubleVector.broadcast(SPECIES, 2 * LOG2_E));
    return p.fma(s, e);
  }

  private static final double LOG2_E = 1.4426950408889634;

  static void exp2(double[] values, int end, double factor) {
    for (int i = 0; i < end; i += SPECIES.length()) {
      exp2(DoubleVector.fromArray(SPECIES, values, i).mul(factor)).intoArray(values, i);
    }
  }

  /** Beyond these the power is no float: 0 or an infinity. */
  private static final double MOST = 1000;

  /** 1.5 * 2^52: adding it rounds to a whole number, which then stands in the low bits. */
  private static final double ROUND = 0x1.8p52;

  /** 2^n times the series of 2^r, to 2^-32. */
  private static DoubleVector exp2(DoubleVector exponent) {
    DoubleVector x = exponent.blend(MOST, exponent.compare(VectorOperators.GT, MOST));
    x = x.blend(-MOST, x.compare(VectorOperators.LT, -MOST));
    DoubleVector shifted = x.add(ROUND);
    DoubleVector r = x.sub(shifted.sub(ROUND));
    DoubleVector p = r.fma(1.3215486790144305e-6, 1.5252733804059838e-5);
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.5403530393381606e-4));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.3333558146428441e-3));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 9.618129107628477e-3));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 5.5504108664821576e-2));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 2.402265069591007e-1));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 6.931471805599453e-1)).mul(r).add(1);
    LongVector n = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
    return p.reinterpretAsLongs().add(n).reinterpretAsDoubles();
  }
}
