package org.sepconv.cli.compare;

import java.util.List;
import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** What runs on every device: a problem, its numbers, and what must come out. */
interface Subject {

  /** {@code standard}, {@code separable}. */
  String name();

  Problem problem();

  Weights weights();

  /** Values of each input in the order of its layout. */
  float[][] inputs();

  /** Compares what came out with the reference. */
  Check check(List<Tensor> outputs);

  /** What runs, in a few words. */
  String kernel(Prepared prepared);

  /**
   * What a comparison found.
   *
   * @param worstError the largest error as a share of what is allowed
   * @param wrong what is wrong; empty if nothing is
   */
  record Check(double worstError, Optional<String> wrong) {}
}
