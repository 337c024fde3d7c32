package org.sepconv;

/** An operation on each value alone: an output value depends on one value of each input. */
public sealed interface Elementwise extends Operation
    permits Activate, Binary, Quantize, SquareRoot, Unary {
  @Override
  default KernelKind kind() {
    return KernelKind.ELEMENTWISE;
  }

  @Override
  default boolean mayReplace(int input) {
    return true;
  }
}
