package org.sepconv.cpu.kernel;

import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.MatrixTurn;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.spi.Support;

/** A set of kernels for every convolution. A new way of computing comes in as another family. */
public interface KernelFamily {

  /** What a user sees: {@code vector, 16 lanes}. */
  String name();

  /** What the cost model should expect of these kernels on this many threads. */
  DeviceProfile profile(int threads);

  /**
   * Whether C2 compiles these kernels to vector instructions, so that waiting for it is worth it.
   */
  default boolean nativeVectors() {
    return false;
  }

  /** Whether other code computes until the JVM has compiled what was made for an operation. */
  default boolean isStaged() {
    return false;
  }

  /** How a tensor of this shape lies in memory. */
  ChannelBlocks blocks(Shape shape);

  /** Turns planes of channels into blocks of them, and back. */
  MatrixTurn turn();

  /** Its loops over ranges of floats. */
  Loops loops();

  /**
   * A kernel for one convolution on data of this shape.
   *
   * @param packed where its packed weights are, or go
   */
  Chosen conv2d(Conv2d conv, ConvWeights weights, Shape input, PackedWeights packed);

  /** A kernel for one transposed convolution on data of this shape. */
  Chosen transposed(TransposedConv2d conv, ConvWeights weights, Shape input, PackedWeights packed);

  /** A kernel that computes both stages at once. */
  Chosen separable(
      SeparableConv2d separable, SeparableWeights weights, Shape input, PackedWeights packed);

  /** Whether {@link #separable} is better than one stage after the other, or why not. */
  Support fuses(SeparableConv2d separable);

  /**
   * Whether {@link #joined} is better than one node after the other, or why not.
   *
   * @param problem of the graph of both
   * @param always whether it is wanted even where it is not faster
   */
  default Support joins(Joined joined, Problem problem, boolean always) {
    return new Support.No("kernels of this family compute one node after the other");
  }

  /** A kernel that computes two nodes at once. */
  default Chosen joined(
      Joined joined, GraphWeights weights, Problem problem, PackedWeights packed) {
    throw new IllegalStateException("this family joins no nodes: " + joined);
  }
}
