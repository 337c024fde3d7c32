package org.sepconv.cpu.operation;

import org.sepconv.Unary;

/** What all families do alike with ranges of an array. */
final class Ranges {
  private Ranges() {}

  static void divide(float[] values, int from, int n, float divisor) {
    int end = from + n;
    for (int i = from; i < end; i++) {
      values[i] /= divisor;
    }
  }

  /** In float64, and rounded: exact where the function is. */
  static void apply(Unary.Function function, float[] values, int from, int end) {
    for (int i = from; i < end; i++) {
      values[i] = (float) function.apply(values[i]);
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
}
