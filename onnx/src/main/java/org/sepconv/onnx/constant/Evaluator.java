package org.sepconv.onnx.constant;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Computes nodes whose inputs are known before a run: the arithmetic on shapes that exporters
 * write, and what they leave to do with weights.
 */
public final class Evaluator {
  private final Budget budget;

  public Evaluator(Budget budget) {
    this.budget = budget;
  }

  /**
   * The outputs of a node, or nothing where its operator is none of those.
   *
   * @param inputs null where an optional one is left out
   * @throws OnnxException if it cannot take these inputs
   */
  public Optional<List<Tensor>> evaluate(Node node, List<Tensor> inputs) {
    if (!node.domain().isEmpty()) {
      return Optional.empty();
    }
    if (node.operator().equals("Constant")) {
      return constant(node.attributes()).map(List::of);
    }
    if (inputs.isEmpty() || inputs.getFirst() == null) {
      return Optional.empty();
    }
    Tensor first = inputs.getFirst();
    if (node.operator().equals("Split")) {
      return Optional.of(split(node, inputs));
    }
    Optional<Tensor> arithmetic = Arithmetic.evaluate(node, inputs, budget);
    return (arithmetic.isPresent() ? arithmetic : other(node, inputs, first)).map(List::of);
  }

  private static Optional<Tensor> constant(Attributes attributes) {
    if (attributes.has("value")) {
      return attributes.tensor("value");
    }
    if (attributes.has("value_float")) {
      return Optional.of(Tensor.of(new int[0], new float[] {attributes.real("value_float", 0)}));
    }
    if (attributes.has("value_floats")) {
      return attributes.reals("value_floats").map(v -> Tensor.of(new int[] {v.length}, v));
    }
    if (attributes.has("value_int")) {
      return Optional.of(Tensor.of(new int[0], new long[] {attributes.integer("value_int", 0)}));
    }
    return attributes
        .ints("value_ints")
        .map(v -> Tensor.vector(Arrays.stream(v).asLongStream().toArray()));
  }

  private Optional<Tensor> other(Node node, List<Tensor> inputs, Tensor first) {
    Attributes attributes = node.attributes();
    int[] dimensions = first.dimensions();
    return Optional.ofNullable(
        switch (node.operator()) {
          case "Identity", "Dropout" -> first;
          case "Shape" -> shape(node, dimensions);
          case "Size" -> Tensor.of(new int[0], new long[] {first.size()});
          case "Cast" -> cast(first, attributes.integer("to", 1));
          case "CastLike" -> cast(first, inputs.get(1).isReal() ? 1 : 7);
          case "Reshape" ->
              first.reshaped(
                  Rules.reshape(dimensions, inputs.get(1).ints(), attributes.flag("allowzero")));
          case "Flatten" ->
              first.reshaped(Rules.flatten(dimensions, attributes.integer("axis", 1)));
          case "Squeeze" -> first.reshaped(Rules.squeeze(dimensions, Rules.axes(node, inputs, 1)));
          case "Unsqueeze" ->
              first.reshaped(
                  Rules.unsqueeze(dimensions, Rules.axes(node, inputs, 1).orElse(new int[0])));
          case "Transpose" -> Moves.transpose(first, order(attributes, dimensions.length), budget);
          case "DequantizeLinear" -> Scales.of(node, inputs, first).dequantized(first, budget);
          case "QuantizeLinear" -> Scales.of(node, inputs, first).quantized(first, budget);
          case "Expand" ->
              Moves.expand(first, Rules.broadcast(dimensions, inputs.get(1).ints()), budget);
          case "Slice" -> Moves.slice(first, Rules.slices(node, inputs, dimensions), budget);
          case "Gather" ->
              Moves.gather(
                  first,
                  inputs.get(1),
                  Rules.axis(attributes.integer("axis", 0), dimensions.length),
                  budget);
          case "Concat" ->
              Moves.concat(
                  inputs, Rules.axis(attributes.integer("axis", 1), dimensions.length), budget);
          case "ConstantOfShape" -> filled(attributes, first.ints());
          case "Range" -> range(first, inputs.get(1), inputs.get(2));
          case "ReduceProd", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceMean" ->
              reduce(node, inputs, first);
          default -> null;
        });
  }

  /** The order of a Transpose: by default backwards. */
  public static int[] order(Attributes attributes, int rank) {
    int[] order =
        attributes
            .ints("perm")
            .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    if (order.length != rank || IntStream.of(order).distinct().count() != rank) {
      throw new OnnxException("perm is " + Arrays.toString(order));
    }
    return order;
  }

  /** What a Shape gives: all dimensions, or those from {@code start} to {@code end}. */
  public static Tensor shape(Node node, int[] dimensions) {
    int rank = dimensions.length;
    long start = node.attributes().integer("start", 0);
    long end = node.attributes().integer("end", rank);
    int from = Math.clamp(start < 0 ? start + rank : start, 0, rank);
    int to = Math.clamp(end < 0 ? end + rank : end, from, rank);
    return Tensor.vector(Arrays.stream(dimensions, from, to).asLongStream().toArray());
  }

  private Tensor cast(Tensor value, long type) {
    budget.take(value.size());
    boolean real = type == 1 || type == 10 || type == 11 || type == 16;
    if (real) {
      return value.isReal() ? value : Tensor.of(value.dimensions(), value.floats());
    }
    long[] whole = value.integers();
    if (type == 9) {
      for (int i = 0; i < whole.length; i++) {
        whole[i] = value.real(i) != 0 ? 1 : 0;
      }
    }
    return Tensor.of(value.dimensions(), whole);
  }

  private Tensor filled(Attributes attributes, int[] dimensions) {
    int size = budget.take(dimensions);
    Tensor value =
        attributes.tensor("value").orElseGet(() -> Tensor.of(new int[] {1}, new float[1]));
    if (value.size() != 1) {
      throw new OnnxException("its value has %d values, not 1".formatted(value.size()));
    }
    if (value.isReal()) {
      float[] values = new float[size];
      Arrays.fill(values, (float) value.real(0));
      return Tensor.of(dimensions, values);
    }
    long[] values = new long[size];
    Arrays.fill(values, value.integer(0));
    return Tensor.of(dimensions, values);
  }

  private Tensor range(Tensor start, Tensor limit, Tensor delta) {
    double length = Math.ceil((limit.real(0) - start.real(0)) / delta.real(0));
    int size = (int) Math.clamp(length, 0, Integer.MAX_VALUE);
    budget.take(size);
    if (start.isReal()) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) (start.real(0) + i * delta.real(0));
      }
      return Tensor.of(new int[] {size}, values);
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = start.integer(0) + i * delta.integer(0);
    }
    return Tensor.vector(values);
  }

  private List<Tensor> split(Node node, List<Tensor> inputs) {
    Tensor first = inputs.getFirst();
    int axis = Rules.axis(node.attributes().integer("axis", 0), first.rank());
    List<Tensor> parts = new ArrayList<>();
    int start = 0;
    for (int length : Rules.split(node, inputs, first.dimension(axis))) {
      Rules.Part part = new Rules.Part(axis, start, 1, length);
      parts.add(Moves.slice(first, List.of(part), budget));
      start += length;
    }
    return parts;
  }

  private Tensor reduce(Node node, List<Tensor> inputs, Tensor first) {
    int rank = first.rank();
    boolean[] reduced = new boolean[rank];
    Optional<int[]> axes = Rules.axes(node, inputs, 1);
    if (axes.isEmpty() || axes.get().length == 0) {
      Arrays.fill(reduced, true);
    } else {
      for (int axis : axes.get()) {
        reduced[Rules.axis(axis, rank)] = true;
      }
    }
    int[] kept = first.dimensions();
    int[] order = new int[rank];
    int next = 0;
    int run = 1;
    for (int i = 0; i < rank; i++) {
      if (!reduced[i]) {
        order[next++] = i;
      }
    }
    for (int i = 0; i < rank; i++) {
      if (reduced[i]) {
        order[next++] = i;
        run *= kept[i];
        kept[i] = 1;
      }
    }
    Tensor turned = Moves.transpose(first, order, budget);
    if (run == 0) {
      throw new OnnxException("nothing is there to be reduced");
    }
    float[] reals = new float[first.size() / run];
    long[] whole = new long[reals.length];
    for (int i = 0; i < reals.length; i++) {
      double value = turned.real(i * run);
      for (int j = 1; j < run; j++) {
        double other = turned.real(i * run + j);
        value =
            switch (node.operator()) {
              case "ReduceProd" -> value * other;
              case "ReduceMax" -> Math.max(value, other);
              case "ReduceMin" -> Math.min(value, other);
              default -> value + other;
            };
      }
      value /= node.operator().equals("ReduceMean") ? run : 1;
      reals[i] = (float) value;
      whole[i] = (long) value;
    }
    Tensor result = first.isReal() ? Tensor.of(kept, reals) : Tensor.of(kept, whole);
    if (node.attributes().integer("keepdims", 1) != 0) {
      return result;
    }
    List<Integer> left = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (!reduced[i]) {
        left.add(kept[i]);
      }
    }
    return result.reshaped(left.stream().mapToInt(Integer::intValue).toArray());
  }
}
