package org.sepconv.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Cost;

/**
 * Operations in the order in which they run, each fed by outputs before it. A description: it holds
 * no weights. The last layer's output is the network's.
 *
 * @param name for people
 * @param input shape of the network's one input
 */
public record Network(String name, Shape input, List<Layer> layers) {

  /** The name by which a layer refers to the network's input. */
  public static final String INPUT = "input";

  public Network {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("network " + name + " has no layers");
    }
  }

  /**
   * One operation with its place in the network.
   *
   * @param name unique in the network
   * @param inputs names of the layers (or {@link #INPUT}) that it takes, in order
   * @param inputShapes their shapes
   * @param output shape of what it gives
   */
  public record Layer(
      String name,
      Operation operation,
      List<String> inputs,
      List<Shape> inputShapes,
      Shape output) {

    public Layer {
      inputs = List.copyOf(inputs);
      inputShapes = List.copyOf(inputShapes);
    }

    /** What a backend is asked for this layer, on float32 tensors in NCHW. */
    public Problem problem() {
      return Problem.of(operation, inputShapes.stream().map(TensorSpec::nchw).toList());
    }

    /** The cost of this layer alone. */
    public Cost cost() {
      return Cost.of(problem());
    }
  }

  /** The sum over all layers, with the values between layers moved through memory. */
  public Cost cost() {
    return layers.stream().map(Layer::cost).reduce(Cost.ZERO, Cost::plus);
  }

  /** The shape of the network's output. */
  public Shape output() {
    return layers.getLast().output();
  }

  /** A network that starts from an input of this shape. */
  public static Builder builder(String name, Shape input) {
    return new Builder(name, input);
  }

  /** Builds a {@link Network} layer by layer, with each shape checked as it is added. */
  public static final class Builder {
    private final String name;
    private final Shape input;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, Shape> shapes = new HashMap<>();
    private String last = INPUT;

    private Builder(String name, Shape input) {
      this.name = Objects.requireNonNull(name, "name");
      this.input = Objects.requireNonNull(input, "input");
      shapes.put(INPUT, input);
    }

    /** The name of the layer added last, or {@link #INPUT}. */
    public String last() {
      return last;
    }

    /** The shape of what the layer added last gives. */
    public Shape shape() {
      return shapes.get(last);
    }

    /** Adds an operation on the output of the layer added last. */
    public Builder add(String layer, Operation operation) {
      return add(layer, operation, last);
    }

    /**
     * Adds an operation on the outputs of these layers.
     *
     * @throws IllegalArgumentException if the name is taken, an input is unknown, or the operation
     *     cannot take these shapes
     */
    public Builder add(String layer, Operation operation, String... inputs) {
      Objects.requireNonNull(layer, "layer");
      Objects.requireNonNull(operation, "operation");
      if (shapes.containsKey(layer)) {
        throw new IllegalArgumentException("there are two layers named " + layer);
      }
      List<Shape> inputShapes = new ArrayList<>();
      for (String source : inputs) {
        Shape shape = shapes.get(source);
        if (shape == null) {
          throw new IllegalArgumentException(
              "layer %s takes %s, which is not before it".formatted(layer, source));
        }
        inputShapes.add(shape);
      }
      Shape output;
      try {
        output = operation.outputShapes(inputShapes).getFirst();
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException("layer " + layer + ": " + wrong.getMessage(), wrong);
      }
      layers.add(new Layer(layer, operation, List.of(inputs), inputShapes, output));
      shapes.put(layer, output);
      last = layer;
      return this;
    }

    public Network build() {
      return new Network(name, input, layers);
    }
  }
}
