package org.sepconv.bench.tile;

/**
 * A call of an emitted tile on data in the first-level cache. The data are small integers, whose
 * sums are exact, so that the result can be compared bit by bit. Not thread-safe.
 */
public interface TileCase {

  /** The family, the tile and what it computes: {@code matrix 6x2, depth 192}. */
  String name();

  /** FLOPs of a call: two for each multiply-add of an output that is stored. */
  long flops();

  /** Calls the tile. */
  void run();

  /** All that the calls have written, and what was there before. */
  float[] output();

  /** What {@link #output} must be after a call, by plain sums; what is not written is NaN. */
  double[] expected();
}
