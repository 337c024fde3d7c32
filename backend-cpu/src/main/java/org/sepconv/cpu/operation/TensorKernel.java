package org.sepconv.cpu.operation;

import java.util.List;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;
import org.sepconv.spi.KernelCandidate;

/**
 * Computes an operation that is no convolution, on blocks of channels ({@link ChannelBlocks}), in
 * units: mostly rows of the output. Immutable and thread-safe.
 *
 * <p>Units write apart, and every value depends only on the inputs, not on how units are shared
 * out, so the result does not depend on the threads. Rows of zeros are never written.
 */
public interface TensorKernel {

  /** What it computes and how: {@code f32-add-nchw16c-rows}. */
  String id();

  /** The kernels that were considered for it, itself as the last. */
  List<KernelCandidate> considered();

  /** What can be computed apart. */
  int units();

  /** About how many values a unit reads or writes. */
  long valuesPerUnit();

  /** Floats of scratch that one call of {@link #compute} needs. */
  default int scratchFloats() {
    return 0;
  }

  /** A tiny problem for each piece of code that the JVM is slow to compile; often none. */
  default List<TinyProblem> tinyProblems() {
    return List.of();
  }

  /** Code that takes the place of what runs begin with, once it is compiled; often none. */
  default List<Upgrade> upgrades() {
    return List.of();
  }

  /**
   * Computes units {@code from} to {@code end - 1}.
   *
   * @param inputs all of them, whole
   * @param output may lie where an input lies that the operation may replace
   * @param scratch this call's alone
   */
  void compute(Span[] inputs, Span output, Span scratch, int from, int end);
}
