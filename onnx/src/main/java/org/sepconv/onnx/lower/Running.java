package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.Optional;
import org.sepconv.Axis;
import org.sepconv.Shape;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * A value that a run computes. Its dimensions, of any rank, are those of ONNX; its shape is how it
 * lies in the graph. Both have the same values in the same order (the last dimension first), so one
 * value may be looked at in any shape: a {@code Reshape} stands between only where the shapes
 * differ.
 */
final class Running implements Value {
  private final String node;
  private final Shape shape;
  private final int[] dimensions;
  private final boolean alone;

  Running(String node, Shape shape, int[] dimensions, boolean alone) {
    this.node = node;
    this.shape = shape;
    this.dimensions = dimensions;
    this.alone = alone;
    if (Tensor.elements(dimensions) != shape.elements()) {
      throw new OnnxException("%s values lie in %s".formatted(Arrays.toString(dimensions), shape));
    }
  }

  /** What gives it: a node, an input or a constant of the graph. */
  String node() {
    return node;
  }

  Shape shape() {
    return shape;
  }

  int[] dimensions() {
    return dimensions.clone();
  }

  int rank() {
    return dimensions.length;
  }

  int dimension(int axis) {
    return dimensions[axis];
  }

  /** Whether one input of one node is all that it is for, so that its node may be changed. */
  boolean alone() {
    return alone;
  }

  Running withAlone(boolean other) {
    return new Running(node, shape, dimensions, other);
  }

  /** The same values with other dimensions; nothing is done for it. */
  Running withDimensions(int... other) {
    return new Running(node, shape, other, alone);
  }

  /** The dimension of the shape that a dimension is as it is, if there is one. */
  Optional<Axis> place(int axis) {
    if (rank() == 4 && shape.equals(Shapes.of(dimensions))) {
      return Optional.of(Axis.values()[axis]); // of several of length 1 the one that it is called
    }
    int outer = Tensor.elements(Arrays.copyOf(dimensions, axis));
    int before = 1;
    for (Axis candidate : Axis.values()) {
      int size = candidate.size(shape);
      if (before == outer && size == dimensions[axis]) {
        return Optional.of(candidate);
      }
      before *= size;
    }
    return Optional.empty();
  }
}
