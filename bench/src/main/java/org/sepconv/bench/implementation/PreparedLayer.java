package org.sepconv.bench.implementation;

import java.util.List;

/**
 * A layer or a network with data and weights in place: what a benchmark repeats. Not thread-safe.
 */
public interface PreparedLayer extends AutoCloseable {

  /** What runs, as the implementation names it. */
  String kernel();

  /** Computes it once; when it returns, the output is there. */
  void run();

  /** The first output of the last run, in N, C, H, W order. */
  float[] output();

  /** All outputs of the last run, the same way. */
  default List<float[]> outputs() {
    return List.of(output());
  }

  /** Gives everything back. */
  @Override
  void close();
}
