package org.sepconv.cpu.kernel;

import org.sepconv.Activation;

/**
 * Functions of single values, as a family computes them everywhere: a value depends on its argument
 * alone, not on its place.
 */
public interface ValueFunctions {

  /**
   * Applies {@code activation} to {@code values[from]} to {@code values[end - 1]}; with none, does
   * nothing.
   */
  void activate(Activation activation, float[] values, int from, int end);

  /**
   * Puts {@code exp(x)} in the place of each {@code x}; what is below 1e-37 may be anything up to
   * that.
   */
  void exponential(float[] values, int from, int end);
}
