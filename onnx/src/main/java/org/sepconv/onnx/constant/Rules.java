package org.sepconv.onnx.constant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** What the standard says of dimensions, axes and parts, for every version of the operators. */
public final class Rules {
  private Rules() {}

  /** A dimension, counted from the end where it is negative. */
  public static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw new OnnxException("axis %d of %d dimensions".formatted(axis, rank));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** The axes of a node: an attribute in older operator sets, an input in newer ones. */
  public static Optional<int[]> axes(Node node, List<Tensor> inputs, int index) {
    Optional<int[]> attribute = node.attributes().ints("axes");
    return attribute.isPresent() || !node.hasInput(index)
        ? attribute
        : Optional.of(inputs.get(index).ints());
  }

  /** The dimensions of what is reshaped, with 0 (as the input's) and -1 (the rest) resolved. */
  public static int[] reshape(int[] dimensions, int[] wanted, boolean zeroIsZero) {
    int[] result = wanted.clone();
    int rest = -1;
    long product = 1;
    for (int i = 0; i < result.length; i++) {
      if (result[i] == 0 && !zeroIsZero) {
        if (i >= dimensions.length) {
          throw new OnnxException("a reshape keeps dimension %d, which is not there".formatted(i));
        }
        result[i] = dimensions[i];
      }
      if (result[i] == -1) {
        if (rest >= 0) {
          throw new OnnxException("a reshape leaves two sizes open");
        }
        rest = i;
      } else {
        product = Math.multiplyExact(product, result[i]);
      }
    }
    int elements = Tensor.elements(dimensions);
    if (rest >= 0) {
      result[rest] = product == 0 ? 0 : Math.toIntExact(elements / product);
    }
    if (Tensor.elements(result) != elements) {
      throw new OnnxException(
          "%s cannot be reshaped to %s"
              .formatted(Arrays.toString(dimensions), Arrays.toString(wanted)));
    }
    return result;
  }

  /** Without these dimensions of length 1, or without all of them. */
  public static int[] squeeze(int[] dimensions, Optional<int[]> axes) {
    boolean[] gone = new boolean[dimensions.length];
    if (axes.isPresent()) {
      for (int axis : axes.get()) {
        gone[axis(axis, dimensions.length)] = true;
      }
    } else {
      for (int i = 0; i < gone.length; i++) {
        gone[i] = dimensions[i] == 1;
      }
    }
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < gone.length; i++) {
      if (!gone[i]) {
        left.add(dimensions[i]);
      } else if (dimensions[i] != 1) {
        throw new OnnxException(
            "dimension %d of %s is squeezed, but not 1 long"
                .formatted(i, Arrays.toString(dimensions)));
      }
    }
    return left.stream().mapToInt(Integer::intValue).toArray();
  }

  /** With dimensions of length 1 at these places of the result. */
  public static int[] unsqueeze(int[] dimensions, int[] axes) {
    int rank = dimensions.length + axes.length;
    boolean[] added = new boolean[rank];
    for (int axis : axes) {
      added[axis(axis, rank)] = true;
    }
    int[] result = new int[rank];
    int next = 0;
    for (int i = 0; i < rank; i++) {
      if (!added[i] && next == dimensions.length) {
        throw new OnnxException("an axis is unsqueezed twice: " + Arrays.toString(axes));
      }
      result[i] = added[i] ? 1 : dimensions[next++];
    }
    return result;
  }

  /** Two dimensions: the product of those before an axis, and of the others. */
  public static int[] flatten(int[] dimensions, long axis) {
    int split = axis == dimensions.length ? dimensions.length : axis(axis, dimensions.length);
    return new int[] {
      Tensor.elements(Arrays.copyOf(dimensions, split)),
      Tensor.elements(Arrays.copyOfRange(dimensions, split, dimensions.length))
    };
  }

  /** The dimensions of what is gathered: those of the indices in the place of one. */
  public static int[] gather(int[] dimensions, int axis, int[] indices) {
    int[] result = new int[dimensions.length - 1 + indices.length];
    int behind = axis + indices.length;
    System.arraycopy(dimensions, 0, result, 0, axis);
    System.arraycopy(indices, 0, result, axis, indices.length);
    System.arraycopy(dimensions, axis + 1, result, behind, result.length - behind);
    return result;
  }

  /** The dimensions of both, each repeated where it is 1 long. */
  public static int[] broadcast(int[] first, int[] second) {
    int rank = Math.max(first.length, second.length);
    int[] result = new int[rank];
    for (int i = 0; i < rank; i++) {
      int one = sizeFromEnd(first, rank - i);
      int other = sizeFromEnd(second, rank - i);
      if (one != other && one != 1 && other != 1) {
        throw new OnnxException(
            "%s and %s do not go together"
                .formatted(Arrays.toString(first), Arrays.toString(second)));
      }
      result[i] = one == 1 ? other : one;
    }
    return result;
  }

  private static int sizeFromEnd(int[] dimensions, int fromEnd) {
    return fromEnd > dimensions.length ? 1 : dimensions[dimensions.length - fromEnd];
  }

  /**
   * A part of a dimension.
   *
   * @param step negative where it is taken backwards
   */
  public record Part(int axis, int start, int step, int length) {}

  /** The parts that a Slice takes. */
  public static List<Part> slices(Node node, List<Tensor> inputs, int[] dimensions) {
    int[] starts;
    int[] ends;
    Optional<int[]> axes;
    int[] steps = null;
    if (node.hasInput(1)) {
      starts = inputs.get(1).ints();
      ends = inputs.get(2).ints();
      axes = node.hasInput(3) ? Optional.of(inputs.get(3).ints()) : Optional.empty();
      steps = node.hasInput(4) ? inputs.get(4).ints() : null;
    } else {
      starts = node.attributes().ints("starts").orElse(new int[0]);
      ends = node.attributes().ints("ends").orElse(new int[0]);
      axes = node.attributes().ints("axes");
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int axis = axis(axes.isPresent() ? axes.get()[i] : i, dimensions.length);
      parts.add(part(axis, dimensions[axis], starts[i], ends[i], steps == null ? 1 : steps[i]));
    }
    return parts;
  }

  private static Part part(int axis, int size, long start, long end, long step) {
    if (step == 0) {
      throw new OnnxException("a slice in steps of 0");
    }
    long first = start < 0 ? start + size : start;
    long last = end < 0 ? end + size : end;
    if (step > 0) {
      first = Math.clamp(first, 0, size);
      last = Math.clamp(last, 0, size);
    } else {
      first = Math.clamp(first, Math.min(0, size - 1), size - 1);
      last = Math.clamp(last, -1, size - 1);
    }
    long length = Math.max(0, Math.ceilDiv(last - first, step));
    return new Part(axis, (int) first, Math.clamp(step, -size - 1, size + 1), (int) length);
  }

  /** How long the parts of a Split are. */
  public static int[] split(Node node, List<Tensor> inputs, int size) {
    Optional<int[]> given =
        node.hasInput(1) ? Optional.of(inputs.get(1).ints()) : node.attributes().ints("split");
    int count = node.outputs().size();
    int[] parts = new int[count];
    int each = Math.ceilDiv(size, count);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      parts[i] = given.isPresent() ? given.get()[i] : Math.min(each, size - (int) sum);
      sum += parts[i];
    }
    if (sum != size || given.isPresent() && given.get().length != count) {
      throw new OnnxException(
          "%s do not split %d values".formatted(Arrays.toString(given.orElse(parts)), size));
    }
    return parts;
  }
}
