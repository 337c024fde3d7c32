package org.sepconv;

/**
 * The kinds of operations that each have their own kernels, and so their own coefficients in cost
 * models. A device profile need not know all of them.
 */
public enum KernelKind {
  /** Every output channel sees every input channel, through a kernel larger than 1 x 1. */
  STANDARD,
  /** Channels in groups, more than one channel in each. */
  GROUPED,
  /** Each input channel on its own: as many groups as input channels, and more than one. */
  DEPTHWISE,
  /** 1 x 1, one group: a matrix product. */
  POINTWISE,
  /** A depthwise convolution and a pointwise one behind it. */
  SEPARABLE,
  /** A transposed convolution, of any size. */
  TRANSPOSED,
  /** One value of many: pools, reductions, softmax, interpolation. */
  POOLING,
  /** Each value on its own. */
  ELEMENTWISE,
  /** A product of matrices that are both inputs. */
  MATRIX,
  /** Values in other places. */
  REARRANGEMENT,
  /** Several operations. */
  GRAPH
}
