package org.sepconv;

/** The cases of {@link Conv2d} that kernels and cost models tell apart. */
public enum ConvKind {
  /** Every output channel sees every input channel, through a kernel larger than 1 x 1. */
  STANDARD,
  /** Channels in groups, more than one channel in each. */
  GROUPED,
  /** Each input channel on its own: as many groups as input channels, and more than one. */
  DEPTHWISE,
  /** 1 x 1, one group: a matrix product. */
  POINTWISE
}
