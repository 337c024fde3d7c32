package org.sepconv;

import java.util.List;

/**
 * An operation that computes nothing: each output value is a value of an input in another place, or
 * a constant.
 */
public sealed interface Rearrangement extends Operation
    permits Concat,
        DepthToSpace,
        Gather,
        Pad,
        Reshape,
        ResizeNearest,
        Slice,
        SpaceToDepth,
        Transpose {

  /** What {@link #source} returns where no input has the value. */
  int FILLED = -1;

  /**
   * Where an output value comes from: the definition.
   *
   * @param inputs the shapes of all inputs
   * @param output the shape that it gives for them
   * @param place N, C, H, W of the output value; replaced by its place in the input
   * @return which input, or {@link #FILLED}
   */
  int source(List<Shape> inputs, Shape output, int[] place);

  /** The value where no input has one. */
  default float fill() {
    return 0;
  }

  @Override
  default KernelKind kind() {
    return KernelKind.REARRANGEMENT;
  }

  @Override
  default int inputCount() {
    return 1;
  }
}
