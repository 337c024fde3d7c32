package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/**
 * Four dimensions in the order in which a tensor lies in memory, and how far the values of others
 * are apart along each. Neighbouring dimensions along which that is as if they were one are joined
 * into one; the first are then 1 long.
 *
 * @param sizes four, the last one of neighbours in memory
 * @param strides four for each of the others
 */
record Walk(int[] sizes, List<int[]> strides) {

  /** The dimensions in the order of their layout, the slowest first. */
  static List<Axis> axes(Layout layout) {
    return switch (layout) {
      case NCHW -> List.of(Axis.BATCH, Axis.CHANNEL, Axis.HEIGHT, Axis.WIDTH);
      case NHWC -> List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL);
    };
  }

  /** How far neighbours along a dimension are apart. */
  static int stride(TensorSpec spec, Axis axis) {
    Shape shape = spec.shape();
    return switch (axis) {
      case BATCH -> shape.c() * shape.h() * shape.w();
      case CHANNEL -> spec.layout().channelStride(shape);
      case HEIGHT -> spec.layout().rowStride(shape);
      case WIDTH -> spec.layout().columnStride(shape);
    };
  }

  /** Over all of a tensor; others that are 1 long along a dimension are repeated along it. */
  static Walk over(TensorSpec all, List<TensorSpec> others) {
    return over(all.shape(), all.layout(), others);
  }

  /** Over these sizes, whatever tensor has them. */
  static Walk over(Shape shape, Layout order, List<TensorSpec> others) {
    List<Axis> axes = axes(order);
    int[] sizes = axes.stream().mapToInt(axis -> axis.size(shape)).toArray();
    List<int[]> strides = new ArrayList<>();
    for (TensorSpec other : others) {
      strides.add(
          axes.stream()
              .mapToInt(axis -> axis.size(other.shape()) == 1 ? 0 : stride(other, axis))
              .toArray());
    }
    return new Walk(sizes, strides).joined();
  }

  private Walk joined() {
    int[] joined = {1, 1, 1, 1};
    List<int[]> apart = strides.stream().map(_ -> new int[4]).toList();
    int at = 3;
    boolean empty = true;
    for (int i = 3; i >= 0; i--) {
      if (sizes[i] == 1) {
        continue;
      }
      if (!empty && !follows(i, joined[at], apart, at)) {
        at--;
      }
      if (empty || joined[at] == 1) {
        for (int j = 0; j < apart.size(); j++) {
          apart.get(j)[at] = strides.get(j)[i];
        }
      }
      joined[at] *= sizes[i];
      empty = false;
    }
    return new Walk(joined, apart);
  }

  /** Whether a step along dimension {@code i} is one past the end of what has been joined. */
  private boolean follows(int i, int length, List<int[]> apart, int at) {
    for (int j = 0; j < apart.size(); j++) {
      if (strides.get(j)[i] != length * apart.get(j)[at]) {
        return false;
      }
    }
    return true;
  }

  /** All dimensions but the last. */
  int lines() {
    return sizes[0] * sizes[1] * sizes[2];
  }

  /** The last dimension. */
  int length() {
    return sizes[3];
  }

  /** Whether the values of a line are neighbours in the other tensor. */
  boolean isDense(int other) {
    return strides.get(other)[3] == 1;
  }
}
