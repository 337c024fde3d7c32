package org.sepconv.cpu.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Unary;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Loops over ranges of floats, as a family computes them everywhere: a value depends on its
 * arguments alone, not on its place. A result may lie where an operand lies.
 */
public interface Loops {

  /** {@code to[ti + i] = function(a[ai + i], b[bi + i])} for i &lt; n. */
  void binary(
      Binary.Function function, float[] a, int ai, float[] b, int bi, float[] to, int ti, int n);

  /** The same with the larger one, or NaN where one of both is. */
  void max(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n);

  /** {@code to[ti + i] += a[ai + i] * b[bi + i]} for i &lt; n; may round once, or twice. */
  void addProducts(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n);

  /** {@code to[ti + i] += factor * a[ai + i]} for i &lt; n; rounds as {@link #addProducts}. */
  void addScaled(float factor, float[] a, int ai, float[] to, int ti, int n);

  /**
   * {@code to[ti + p * toStep + l] += a[ai + p * step + l] * b[bi + l]} for p &lt; pixels and l
   * &lt; lanes; rounds as {@link #addProducts}.
   */
  default void addPixels(
      float[] a,
      int ai,
      int step,
      float[] b,
      int bi,
      float[] to,
      int ti,
      int toStep,
      int lanes,
      int pixels) {
    for (int p = 0; p < pixels; p++) {
      for (int l = 0; l < lanes; l++) {
        to[ti + p * toStep + l] += a[ai + p * step + l] * b[bi + l];
      }
    }
  }

  /** {@code to[ti + i * lanes + l] = from[fi + i]} for i &lt; n and l &lt; lanes. */
  default void spread(float[] from, int fi, float[] to, int ti, int lanes, int n) {
    for (int i = 0; i < n; i++) {
      Arrays.fill(to, ti + i * lanes, ti + (i + 1) * lanes, from[fi + i]);
    }
  }

  /** Applies {@code activation} to {@code values[from]} to {@code values[end - 1]}. */
  void activate(Activation activation, float[] values, int from, int end);

  /**
   * Puts {@code function} of each value in its place. An exponential below 1e-37 may become
   * anything up to that.
   */
  void unary(Unary.Function function, float[] values, int from, int end);

  /** Tiles of products of matrices; empty where the family has none. */
  default Optional<ProductTiles> productTiles() {
    return Optional.empty();
  }

  /** Computes some rows of a product of matrices at once. */
  interface ProductTiles {

    /** How many rows, at most 8. */
    int rows();

    /** Floats that a row of the second matrix has at least. */
    int lanes();

    /**
     * {@code to[at[rows + r] + i]} = the sum over k of {@code a[at[r] + k * lanes + i % lanes] *
     * b[bi + k * bStep + i]}, for i &lt; n; rows may be the same.
     *
     * @param repeated whether it is of {@code a[at[r] + k] * b[bi + k * bStep + i]}
     */
    void rows(
        float[] a,
        boolean repeated,
        int[] at,
        int depth,
        float[] b,
        int bi,
        int bStep,
        float[] to,
        int n);

    /** A problem for that code. */
    TinyProblem tinyProblem(boolean repeated);
  }

  /**
   * What copies pixels of one block of channels out of lanes of others; empty where the family has
   * no such code, or too many blocks are read.
   *
   * @param blocks for each lane, how far the block that its value comes from is from where a copy
   *     begins to read; {@link LaneMove#NOT_WRITTEN} for one that stays as it is
   * @param lanes for each, the lane there
   */
  default Optional<LaneMove> laneMove(int[] blocks, int[] lanes) {
    return Optional.empty();
  }

  /** Copies pixels of one block out of lanes of others. */
  interface LaneMove {
    int NOT_WRITTEN = Integer.MIN_VALUE;

    /** Copies neighbouring pixels. */
    void copy(float[] from, int at, float[] to, int ti, int pixels);

    /** A problem for that code, if it computes already. */
    Optional<TinyProblem> tinyProblem();

    /** What will compute as soon as the JVM has compiled it. */
    List<Upgrade> upgrades();
  }

  /** Problems for the code of {@link #activate}; none where it is not worth it. */
  default List<TinyProblem> tinyProblems(Activation activation) {
    return List.of();
  }

  /** Problems for the code of {@link #unary}; none where it is not worth it. */
  default List<TinyProblem> tinyProblems(Unary.Function function) {
    return List.of();
  }

  /** Problems for the code of {@link #binary}; none where it is not worth it. */
  default List<TinyProblem> tinyProblems(Binary.Function function) {
    return List.of();
  }

  /** Slopes, which are the same for all families. */
  static void prelu(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      float x = a[ai + i];
      to[ti + i] = x < 0 ? x * b[bi + i] : x;
    }
  }

  /** The smaller ones, which are the same for all families. */
  static void min(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = Math.min(a[ai + i], b[bi + i]);
    }
  }

  /**
   * {@code to[ti + i]} = the power of {@code a[ai + i]} with the exponent {@code b[bi + i]}. The
   * square, the cube and the square root, of which networks are full, need no power.
   */
  default void power(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    float exponent = oneExponent(b, bi, n);
    if (Float.isNaN(exponent)) {
      for (int i = 0; i < n; i++) {
        to[ti + i] = (float) Math.pow(a[ai + i], b[bi + i]);
      }
    } else if (exponent == 2) {
      for (int i = 0; i < n; i++) {
        to[ti + i] = a[ai + i] * a[ai + i];
      }
    } else if (exponent == 3) {
      for (int i = 0; i < n; i++) {
        to[ti + i] = a[ai + i] * a[ai + i] * a[ai + i];
      }
    } else if (exponent == 0.5f) {
      for (int i = 0; i < n; i++) {
        float x = a[ai + i];
        to[ti + i] = x == Float.NEGATIVE_INFINITY ? Float.POSITIVE_INFINITY : (float) Math.sqrt(x);
      }
    } else {
      power(exponent, a, ai, to, ti, n);
    }
  }

  /** The same of one exponent. */
  default void power(float exponent, float[] a, int ai, float[] to, int ti, int n) {
    for (int i = 0; i < n; i++) {
      to[ti + i] = (float) Math.pow(a[ai + i], exponent);
    }
  }

  /** The exponent that all are; NaN where they differ. */
  private static float oneExponent(float[] exponents, int from, int n) {
    for (int i = from + 1; i < from + n; i++) {
      if (exponents[i] != exponents[from]) {
        return Float.NaN;
      }
    }
    return n > 0 ? exponents[from] : Float.NaN;
  }
}
