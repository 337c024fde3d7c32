package org.sepconv.opencl.kernel;

import java.util.List;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.cost.DeviceProfile;

/**
 * Kernels for one type of device. Every method gives the ways there are to compute something, the
 * one that is best without measuring first; all of them compute the same bits.
 */
public sealed interface KernelFamily permits CpuKernels, GpuKernels {

  /** {@code cpu} or {@code gpu}. */
  String name();

  DeviceProfile profile();

  /** Standard, grouped and pointwise convolutions, as matrix products. */
  List<Candidate> matrix(Operand operand, ConvWeights weights);

  /**
   * A depthwise and a pointwise convolution in one kernel.
   *
   * @param depthwise reads the source; its destination is not used
   * @param pointwise fills the destination; its source is not used
   */
  List<Candidate> separable(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights);

  /** Depthwise convolutions without a multiplier. */
  List<Candidate> depthwise(Operand operand, ConvWeights weights);

  /** Turns {@code images} of {@code rows} x {@code columns} values around. */
  Launch transpose(Argument source, Argument destination, int images, int rows, int columns);

  /** How work-items share lines of values, in what computes each value, or a few at once, alone. */
  Work work(int lines, int length);

  /** Work-items that keep all of the device busy. */
  long busyItems();

  /** Every convolution, in every layout: what no other kernel computes. */
  Candidate direct(Operand operand, ConvWeights weights, Layout source, Layout destination);
}
