package org.sepconv.opencl.kernel;

import org.sepconv.Convolution;

/** What a kernel is given. */
public sealed interface Argument {

  /** The tensor that a convolution reads, and most other operations. */
  Input SOURCE = new Input(0);

  /** The tensor that a convolution adds to its sums; lies as the destination, and may be it. */
  Input RESIDUAL = new Input(Convolution.RESIDUAL);

  /** An input of the operation, by its number. */
  record Input(int number) implements Argument {}

  /** The tensor that the operation fills. */
  record Destination() implements Argument {}

  /** A buffer between two launches, by its number in the plan; every run has its own. */
  record Scratch(int number) implements Argument {}

  /** Packed weights, by their number in the plan; shared by all runs. */
  record Constant(int number) implements Argument {}

  /** Local memory of each work-group. */
  record Local(long bytes) implements Argument {}

  record Int(int value) implements Argument {}

  @SuppressWarnings("AvoidCommonTypeNames") // OpenCL C's
  record Float(float value) implements Argument {}
}
