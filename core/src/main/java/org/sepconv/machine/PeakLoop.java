package org.sepconv.machine;

/**
 * Multiplies and adds as fast as this processor can, with the vectors of this JVM. Found with
 * {@link java.util.ServiceLoader}: whoever has vectors brings it along.
 */
public interface PeakLoop {

  /** Whether this JVM has what the loop needs. */
  boolean isAvailable();

  /** What it computes with: {@code 16 lanes}. */
  String describe();

  /**
   * Runs the loop; from any number of threads at once. Each step is some dozen vector instructions.
   *
   * @return how many float32 FLOPs that were, two for each fused multiply-add
   */
  long run(int steps);
}
