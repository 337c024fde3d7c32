package org.sepconv.cpu.kernel;

import org.sepconv.cpu.memory.Span;

/**
 * What a kernel is to compute, and from what: one slice of the channels of some rows of one image.
 * One for each worker, who fills it before each call, so that a run allocates nothing. A kernel
 * reads it once, before its loops, and keeps nothing of it.
 */
public final class RowJob {

  /** At least {@link RowKernel#scratchFloats()} floats for this worker alone. */
  public final Span scratch;

  /** The whole input, followed by {@link Span#SLACK} floats. */
  public Span src = Span.EMPTY;

  /**
   * Values that lie as those of the output, where the convolution adds them; of no account where it
   * does not. It may be the output.
   */
  public Span residual = Span.EMPTY;

  /**
   * A factor for each channel of each image, as a tensor of one pixel; of no account where the
   * kernel does not multiply by any.
   */
  public Span gate = Span.EMPTY;

  /** The whole output; only these rows and channels of it are written. */
  public Span dst = Span.EMPTY;

  /** Which image. */
  public int n;

  /** Its first row of output. */
  public int y;

  /**
   * How many rows, at most {@link RowKernel#stripRows()}; of this image, unless the kernel {@link
   * RowKernel#joinsImages() joins images}.
   */
  public int rows;

  /** 0 to slices - 1. */
  public int slice;

  /** At most {@link RowKernel#maxSlices()}. */
  public int slices = 1;

  /**
   * @param scratch for this worker alone
   */
  public RowJob(Span scratch) {
    this.scratch = scratch;
  }

  /** Where the values are. */
  public void fill(Span src, Span residual, Span gate, Span dst) {
    this.src = src;
    this.residual = residual;
    this.gate = gate;
    this.dst = dst;
  }

  /** Lets the values go: a worker that waits keeps no tensor alive. */
  public void clear() {
    fill(Span.EMPTY, Span.EMPTY, Span.EMPTY, Span.EMPTY);
  }
}
