package org.sepconv.cpu.kernel;

import java.util.List;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Computes output rows of one convolution on blocks of channels ({@link ChannelBlocks}). Immutable
 * and thread-safe: what changes is in the {@link RowJob}.
 *
 * <p>Every value depends only on the input, not on how the rows are split, so the result does not
 * depend on the threads.
 */
public interface RowKernel {

  /** What it computes and how: {@code f32-depthwise-nchw16c-3x3s1-7pv16-generated}. */
  String id();

  /** How many rows it likes to compute at once, so that what it reuses stays in the cache. */
  int stripRows();

  /**
   * Whether a job may go on from one image of the batch to the next: {@link RowJob#rows} then
   * counts through all of them.
   */
  default boolean joinsImages() {
    return false;
  }

  /** Floats of scratch that one call of {@link #compute} on {@link #stripRows()} rows needs. */
  int scratchFloats();

  /** Into how many slices its output channels can be cut, each computed apart; 1 = not at all. */
  default int maxSlices() {
    return 1;
  }

  /** The share of the work that every slice repeats, for instance the depthwise stage. */
  default double repeatedShare() {
    return 1;
  }

  /**
   * A tiny problem for each piece of emitted code that {@link #compute} calls for this partition,
   * the most used first; none where it is not worth it.
   */
  default List<TinyProblem> tinyProblems(Partition partition) {
    return List.of();
  }

  /** Code that takes the place of what {@link #compute} begins with, once it is compiled. */
  default List<Upgrade> upgrades(Partition partition) {
    return List.of();
  }

  /** Computes one slice of the channels of some output rows of one image. */
  void compute(RowJob job);
}
