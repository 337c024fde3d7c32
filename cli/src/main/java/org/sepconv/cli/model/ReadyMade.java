package org.sepconv.cli.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.files.FloatArray;
import org.sepconv.files.StateDict;
import org.sepconv.graph.Networks;

/**
 * A network of {@link Networks}.
 *
 * @param seed of its weights, where they are not of a file
 */
public record ReadyMade(Graph graph, double width, Optional<StateDict> file, long seed)
    implements Model {

  /**
   * A network by its name.
   *
   * @param weights a file of them; without, they are random
   * @throws IllegalArgumentException if there is no such network, or the weights are not its own
   * @throws IOException if the file cannot be read
   */
  public static ReadyMade of(
      String name, Optional<Integer> size, double width, Optional<Path> weights, long seed)
      throws IOException {
    Graph graph = Networks.of(name, size.orElseGet(() -> Networks.usualSize(name)), width);
    Optional<StateDict> file = Optional.empty();
    if (weights.isPresent()) {
      file = Optional.of(StateDict.read(weights.get()));
    }
    return new ReadyMade(graph, width, file, seed);
  }

  @Override
  public String name() {
    return graph.name();
  }

  @Override
  public String title() {
    return "%s, width %s".formatted(graph.name(), width);
  }

  @Override
  public String weights() {
    return file.map(StateDict::source).orElse("random, seed " + seed);
  }

  @Override
  public SizedModel sized(int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("--batch is %d, but must be at least 1".formatted(batch));
    }
    List<Shape> shapes =
        graph.inputs().stream().map(input -> input.shape().withBatch(batch)).toList();
    List<Shape> given = graph.outputShapes(shapes);
    List<SizedModel.Value> inputs = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      inputs.add(SizedModel.Value.of(graph.inputs().get(i).name(), shapes.get(i)));
    }
    return new SizedModel(
        graph,
        this::graphWeights,
        inputs,
        IntStream.range(0, given.size())
            .mapToObj(i -> SizedModel.Value.of(graph.outputs().get(i), given.get(i)))
            .toList());
  }

  private GraphWeights graphWeights() {
    return file.map(dict -> dict.weights(graph, Networks.epsilon(graph.name())))
        .orElseGet(() -> (GraphWeights) Weights.random(graph, seed));
  }

  @Override
  public List<String> inputNames() {
    return graph.inputs().stream().map(Graph.Input::name).toList();
  }

  @Override
  public SizedModel sized(List<FloatArray> inputs, Optional<Integer> batch) {
    inputs.forEach(array -> array.requireRank("N x C x H x W", "for one picture: x[np.newaxis]"));
    int images = batch.orElse(inputs.getFirst().size(0));
    for (int i = 0; i < inputs.size(); i++) {
      check(i, inputs.get(i), images);
    }
    return sized(images);
  }

  private void check(int input, FloatArray array, int batch) {
    Shape due = graph.inputs().get(input).shape().withBatch(batch);
    if (array.shape().equals(List.of(due.n(), due.c(), due.h(), due.w()))) {
      return;
    }
    boolean square = array.size(1) == due.c() && array.size(2) == array.size(3);
    boolean other = array.size(2) != due.h() || array.size(3) != due.w();
    throw new IllegalArgumentException(
        "%s has the shape %s, but the %s of %s must be %s%s"
            .formatted(
                array.name(),
                FloatArray.python(array.shape()),
                graph.inputName(input),
                graph.name(),
                FloatArray.python(List.of(due.n(), due.c(), due.h(), due.w())),
                square && other
                    ? "; --size %d makes the network for it".formatted(array.size(2))
                    : ""));
  }
}
