package org.sepconv.cpu.operation;

import org.sepconv.Quantize;

/** What all families do alike with ranges of an array. */
final class Ranges {
  private static final float WHOLE = 0x1.8p23f;

  private Ranges() {}

  static void divide(float[] values, int from, int n, float divisor) {
    int end = from + n;
    for (int i = from; i < end; i++) {
      values[i] /= divisor;
    }
  }

  /**
   * In a plain loop, of which C2 makes vectors: NaN stays. A sum of at least 2^23 has no digits
   * behind the point, so that adding and taking away 1.5 times that rounds, halves to even.
   */
  static void quantize(Quantize quantize, float[] values, int from, int end) {
    float step = quantize.step();
    float lowest = quantize.lowest();
    float highest = quantize.highest();
    float offset = quantize.offset();
    float factor = quantize.factor();
    for (int i = from; i < end; i++) {
      float steps = Math.min(Math.max(values[i] / step, lowest), highest);
      values[i] = ((steps + WHOLE) - WHOLE + offset) * factor;
    }
  }

  static void squareRoot(float[] values, int from, int end) {
    for (int i = from; i < end; i++) {
      values[i] = (float) Math.sqrt(values[i]);
    }
  }

  /** Repeats the first {@code period} floats of a range up to its end. */
  static void repeat(float[] values, int from, int period, int length) {
    for (int done = period; done < length; ) {
      int next = Math.min(done, length - done);
      System.arraycopy(values, from, values, from + done, next);
      done += next;
    }
  }

  /**
   * The largest, or NaN; four at a time: one after the other, each would wait for the one before.
   */
  static float max(float[] values, int from, int end) {
    float m0 = Float.NEGATIVE_INFINITY;
    float m1 = m0;
    float m2 = m0;
    float m3 = m0;
    int i = from;
    for (; i < end - 3; i += 4) {
      m0 = Math.max(m0, values[i]);
      m1 = Math.max(m1, values[i + 1]);
      m2 = Math.max(m2, values[i + 2]);
      m3 = Math.max(m3, values[i + 3]);
    }
    for (; i < end; i++) {
      m0 = Math.max(m0, values[i]);
    }
    return Math.max(Math.max(m0, m1), Math.max(m2, m3));
  }

  /** In float64, four at a time. */
  static float sum(float[] values, int from, int end) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i < end - 3; i += 4) {
      s0 += values[i];
      s1 += values[i + 1];
      s2 += values[i + 2];
      s3 += values[i + 3];
    }
    for (; i < end; i++) {
      s0 += values[i];
    }
    return (float) (s0 + s1 + (s2 + s3));
  }
}
