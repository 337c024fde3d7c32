package org.sepconv.cpu.kernel;

import java.util.OptionalInt;

/**
 * Which of the inputs of a problem are what to a {@link RowKernel}.
 *
 * @param source what is convolved
 * @param residual what is added; empty where nothing is
 * @param gate what each channel is multiplied by; empty where it is not
 */
public record Operands(int source, OptionalInt residual, OptionalInt gate) {

  /** A convolution: the source, and behind it the residual where there is one. */
  public static Operands ofConvolution(boolean residual) {
    return new Operands(0, residual ? OptionalInt.of(1) : OptionalInt.empty(), OptionalInt.empty());
  }
}
