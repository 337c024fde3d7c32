package org.sepconv.cpu.scalar;

import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Unary;
import org.sepconv.cpu.kernel.Loops;

/**
 * Plain loops. C2 makes vectors of those with one index only: before JDK 26 it cannot rule out that
 * ranges at two indices overlap.
 */
record ScalarLoops() implements Loops {
  @Override
  public void binary(
      Binary.Function function, float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    boolean oneIndex = ai == ti && bi == ti;
    switch (function) {
      case ADD -> {
        if (oneIndex) {
          add(a, b, to, ti, ti + n);
        } else {
          add(a, ai, b, bi, to, ti, n);
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          to[ti + i] = a[ai + i] - b[bi + i];
        }
      }
      case MULTIPLY -> {
        if (oneIndex) {
          multiply(a, b, to, ti, ti + n);
        } else {
          multiply(a, ai, b, bi, to, ti, n);
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          to[ti + i] = a[ai + i] / b[bi + i];
        }
      }
      case POWER -> power(a, ai, b, bi, to, ti, n);
      case MINIMUM -> Loops.min(a, ai, b, bi, to, ti, n);
      case MAXIMUM -> max(a, ai, b, bi, to, ti, n);
      case PRELU -> Loops.prelu(a, ai, b, bi, to, ti, n);
    }
  }

  private static void add(float[] a, float[] b, float[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = a[i] + b[i];
    }
  }

  private static void add(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = a[ai + i] + b[bi + i];
    }
  }

  private static void multiply(float[] a, float[] b, float[] to, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = a[i] * b[i];
    }
  }

  private static void multiply(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = a[ai + i] * b[bi + i];
    }
  }

  @Override
  public void max(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = Math.max(a[ai + i], b[bi + i]);
    }
  }

  @Override
  public void addProducts(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] += a[ai + i] * b[bi + i];
    }
  }

  @Override
  public void addScaled(float factor, float[] a, int ai, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] += factor * a[ai + i];
    }
  }

  @Override
  public void activate(Activation activation, float[] values, int from, int end) {
    ScalarActivation.apply(activation, values, from, end);
  }

  @Override
  public void unary(Unary.Function function, float[] values, int from, int end) {
    for (int i = from; i < end; i++) {
      values[i] = (float) function.apply(values[i]); // in float64, and rounded
    }
  }
}
