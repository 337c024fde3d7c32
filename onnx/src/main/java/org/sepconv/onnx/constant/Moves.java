package org.sepconv.onnx.constant;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Tensors made of the values of others, in other places. */
final class Moves {
  private Moves() {}

  /** For each value of the result the place in the source that it comes from. */
  private static Tensor picked(Tensor source, int[] dimensions, IntUnaryOperator place) {
    int size = Tensor.elements(dimensions);
    if (source.isReal()) {
      float[] from = source.floats();
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = from[place.applyAsInt(i)];
      }
      return Tensor.of(dimensions, values);
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = source.integer(place.applyAsInt(i));
    }
    return Tensor.of(dimensions, values);
  }

  static int[] strides(int[] dimensions) {
    int[] strides = new int[dimensions.length];
    int stride = 1;
    for (int i = dimensions.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, dimensions[i]);
    }
    return strides;
  }

  /** The value at each place of the result is found by steps through the source. */
  static Tensor strided(Tensor source, int[] dimensions, int offset, int[] strides, Budget budget) {
    budget.take(dimensions);
    int[] own = strides(dimensions);
    return picked(
        source,
        dimensions,
        index -> {
          int place = offset;
          for (int i = 0; i < own.length; i++) {
            place += index / own[i] % dimensions[i] * strides[i];
          }
          return place;
        });
  }

  static Tensor transpose(Tensor source, int[] order, Budget budget) {
    int[] from = source.dimensions();
    int[] strides = strides(from);
    int[] dimensions = new int[order.length];
    int[] steps = new int[order.length];
    if (order.length != from.length) {
      throw new OnnxException("a transposition of other dimensions: " + Arrays.toString(order));
    }
    for (int i = 0; i < order.length; i++) {
      int axis = Rules.axis(order[i], from.length);
      dimensions[i] = from[axis];
      steps[i] = strides[axis];
    }
    return strided(source, dimensions, 0, steps, budget);
  }

  static Tensor expand(Tensor source, int[] dimensions, Budget budget) {
    int[] from = source.dimensions();
    int[] strides = strides(from);
    int[] steps = new int[dimensions.length];
    int shift = dimensions.length - from.length;
    for (int i = 0; i < from.length; i++) {
      steps[i + shift] = from[i] == 1 ? 0 : strides[i];
    }
    return strided(source, dimensions, 0, steps, budget);
  }

  static Tensor slice(Tensor source, List<Rules.Part> parts, Budget budget) {
    int[] dimensions = source.dimensions();
    int[] steps = strides(dimensions);
    int offset = 0;
    for (Rules.Part part : parts) {
      if (dimensions[part.axis()] != source.dimension(part.axis())) {
        throw new OnnxException("a slice names axis %d twice".formatted(part.axis()));
      }
      offset += part.start() * steps[part.axis()];
      steps[part.axis()] *= part.step();
      dimensions[part.axis()] = part.length();
    }
    return strided(source, dimensions, offset, steps, budget);
  }

  static Tensor gather(Tensor source, Tensor indices, int axis, Budget budget) {
    int[] from = source.dimensions();
    int[] dimensions = Rules.gather(from, axis, indices.dimensions());
    budget.take(dimensions);
    int inner = Tensor.elements(Arrays.copyOfRange(from, axis + 1, from.length));
    int[] picks = new int[indices.size()];
    for (int i = 0; i < picks.length; i++) {
      picks[i] = Rules.axis(indices.integer(i), from[axis]);
    }
    return picked(
        source,
        dimensions,
        index -> {
          int outer = index / inner / picks.length;
          return (outer * from[axis] + picks[index / inner % picks.length]) * inner + index % inner;
        });
  }

  static Tensor concat(List<Tensor> sources, int axis, Budget budget) {
    int[] dimensions = sources.getFirst().dimensions();
    long length = 0;
    boolean real = false;
    for (Tensor source : sources) {
      int[] other = source.dimensions();
      if (other.length != dimensions.length) {
        throw new OnnxException("tensors of other ranks are joined");
      }
      length += other[axis];
      other[axis] = dimensions[axis];
      if (!Arrays.equals(other, dimensions)) {
        throw new OnnxException("tensors that do not go together are joined");
      }
      real |= source.isReal();
    }
    dimensions[axis] = Math.toIntExact(length);
    int size = budget.take(dimensions);
    int inner = Tensor.elements(Arrays.copyOfRange(dimensions, axis + 1, dimensions.length));
    float[] reals = new float[real ? size : 0];
    long[] whole = new long[real ? 0 : size];
    int offset = 0;
    for (Tensor source : sources) {
      int run = source.dimension(axis) * inner;
      for (int i = 0; i < source.size(); i++) {
        int place = i / run * dimensions[axis] * inner + offset + i % run;
        if (real) {
          reals[place] = (float) source.real(i);
        } else {
          whole[place] = source.integer(i);
        }
      }
      offset += run;
    }
    return real ? Tensor.of(dimensions, reals) : Tensor.of(dimensions, whole);
  }
}
