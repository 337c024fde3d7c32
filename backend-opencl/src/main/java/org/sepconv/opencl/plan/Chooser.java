package org.sepconv.opencl.plan;

import java.util.List;
import org.sepconv.Shape;
import org.sepconv.opencl.kernel.Candidate;

/** Takes one of several ways to compute the same. */
public interface Chooser {

  /** The one that a family puts first: what is best without measuring. */
  Chooser FIRST = (what, candidates, source, destination) -> 0;

  /**
   * The index of a candidate.
   *
   * @param what what the candidates compute, with its shape
   * @param candidates read the plan's source and fill its destination, both NHWC
   */
  int choose(String what, List<Candidate> candidates, Shape source, Shape destination);

  /** Why the one that it takes: {@code the fastest that was measured}. */
  default String reason() {
    return "what is expected to be the fastest";
  }
}
