package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.Axis;
import org.sepconv.Shape;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** How ONNX's dimensions lie in the four of a {@link Shape}. */
final class Shapes {
  private Shapes() {}

  /** The last dimensions in the last of the shape, as broadcasting has them; more than 4 merged. */
  static Shape natural(int[] dimensions) {
    for (int size : dimensions) {
      if (size == 0) {
        throw new OnnxException(
            "a value of %s, without any element".formatted(Arrays.toString(dimensions)));
      }
    }
    int[] sizes = {1, 1, 1, 1};
    int extra = Math.max(0, dimensions.length - 4);
    if (extra > 0) {
      sizes[0] = Tensor.elements(Arrays.copyOf(dimensions, extra));
    }
    for (int i = extra; i < dimensions.length; i++) {
      sizes[4 - dimensions.length + i] *= dimensions[i];
    }
    return of(sizes);
  }

  static Shape of(int[] sizes) {
    return new Shape(sizes[0], sizes[1], sizes[2], sizes[3]);
  }

  static int[] sizes(Shape shape) {
    return new int[] {shape.n(), shape.c(), shape.h(), shape.w()};
  }

  /** Batch and channels first, as convolutions take them; rows of a 1D input are one row. */
  static Shape image(int[] dimensions) {
    return switch (dimensions.length) {
      case 2 -> new Shape(dimensions[0], dimensions[1], 1, 1);
      case 3 -> new Shape(dimensions[0], dimensions[1], 1, dimensions[2]);
      case 4 -> new Shape(dimensions[0], dimensions[1], dimensions[2], dimensions[3]);
      default ->
          throw new UnsupportedNode(
              "an input of %d dimensions: 1D and 2D are supported".formatted(dimensions.length));
    };
  }

  /**
   * Where an operand lies beside a result of this shape: each of the four sizes is the shape's, or
   * 1 where the operand is repeated. Nothing where it is repeated along a part of one of them.
   *
   * @param dimensions of the operand
   * @param whole of the result
   */
  static Optional<Shape> beside(int[] dimensions, int[] whole, Shape shape) {
    int[] own = new int[whole.length];
    Arrays.fill(own, 1);
    System.arraycopy(dimensions, 0, own, whole.length - dimensions.length, dimensions.length);
    int[] sizes = {1, 1, 1, 1};
    int next = 0;
    for (Axis axis : Axis.values()) {
      int size = axis.size(shape);
      int product = 1;
      boolean all = true;
      boolean none = true;
      while (product < size && next < whole.length) {
        if (whole[next] > 1) {
          all &= own[next] == whole[next];
          none &= own[next] == 1;
        }
        product *= whole[next++];
      }
      if (product != size || !all && !none) {
        return Optional.empty();
      }
      sizes[axis.ordinal()] = all ? size : 1;
    }
    return Optional.of(of(sizes));
  }

  /**
   * A shape for a result of two operands in which each lies {@link #beside} it; nothing where four
   * dimensions are too few.
   */
  static Optional<Shape> common(int[] first, int[] second, int[] whole) {
    List<Integer> sizes = new ArrayList<>();
    int before = -1;
    for (int i = 0; i < whole.length; i++) {
      if (whole[i] == 1) {
        continue;
      }
      int kind =
          (sizeAt(first, whole.length - i) > 1 ? 1 : 0)
              + (sizeAt(second, whole.length - i) > 1 ? 2 : 0);
      if (kind == before) {
        sizes.set(sizes.size() - 1, sizes.getLast() * whole[i]);
      } else {
        sizes.add(whole[i]);
      }
      before = kind;
    }
    return sizes.size() > 4
        ? Optional.empty()
        : Optional.of(natural(sizes.stream().mapToInt(Integer::intValue).toArray()));
  }

  private static int sizeAt(int[] dimensions, int fromEnd) {
    return fromEnd > dimensions.length ? 1 : dimensions[dimensions.length - fromEnd];
  }
}
