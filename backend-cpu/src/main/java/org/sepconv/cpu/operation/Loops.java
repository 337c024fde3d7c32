package org.sepconv.cpu.operation;

import org.sepconv.Binary;

/**
 * Loops over ranges of floats, of which C2 makes vectors by itself: as fast as the Vector API, and
 * right for every family. The result may lie where an operand begins.
 */
final class Loops {
  private Loops() {}

  static void binary(
      Binary.Function function, float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    switch (function) {
      case ADD -> add(a, ai, b, bi, to, ti, n);
      case SUBTRACT -> subtract(a, ai, b, bi, to, ti, n);
      case MULTIPLY -> multiply(a, ai, b, bi, to, ti, n);
      case DIVIDE -> divide(a, ai, b, bi, to, ti, n);
      case POWER -> power(a, ai, b, bi, to, ti, n);
    }
  }

  static void add(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = a[ai + i] + b[bi + i];
    }
  }

  private static void subtract(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = a[ai + i] - b[bi + i];
    }
  }

  static void multiply(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = a[ai + i] * b[bi + i];
    }
  }

  static void divide(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = a[ai + i] / b[bi + i];
    }
  }

  private static void power(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = (float) Math.pow(a[ai + i], b[bi + i]);
    }
  }

  /** NaN where one of both is. */
  static void max(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = Math.max(a[ai + i], b[bi + i]);
    }
  }

  /** Adds {@code factor} times a range to another. */
  static void addScaled(float factor, float[] a, int ai, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] += factor * a[ai + i];
    }
  }

  /** Adds the products of two ranges to a third. */
  static void addProducts(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] += a[ai + i] * b[bi + i];
    }
  }

  static void divide(float[] values, int from, float divisor, int n) {
    for (int i = from; i < from + n; i++) {
      values[i] /= divisor;
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
