package org.sepconv.cli.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.TestData;
import org.sepconv.cli.network.NetworkRun.Input;
import org.sepconv.cli.network.NetworkRun.Output;
import org.sepconv.cli.network.NetworkRun.Value;
import org.sepconv.files.FloatArray;
import org.sepconv.files.NpyFile;

/**
 * What a network runs on: arrays from NumPy files, or seeded random values from -1 to 1.
 *
 * @param problem the network on tensors of these shapes, in NCHW
 * @param files the inputs' in their order; none for random values
 * @param values of each input
 */
record RunData(Graph network, Problem problem, List<Path> files, float[][] values) {
  private static final int LARGEST = 5;

  /**
   * Random inputs.
   *
   * @param batch images in each
   */
  static RunData random(Graph network, int batch, long seed) {
    Problem problem = problem(network, batch);
    return new RunData(network, problem, List.of(), TestData.evenInputs(problem, seed));
  }

  /**
   * Reads the inputs from files.
   *
   * @param batch images that each must have; without, as many as the first has
   * @throws IllegalArgumentException if there are more or fewer than the network takes, or one has
   *     another shape
   * @throws IOException if a file cannot be read
   */
  static RunData read(Graph network, Optional<Integer> batch, List<Path> files) throws IOException {
    int due = network.inputs().size();
    if (files.size() != due) {
      throw new IllegalArgumentException(
          "%d files are given with --input, but %s takes %d: %s"
              .formatted(
                  files.size(),
                  network.name(),
                  due,
                  String.join(", ", network.inputs().stream().map(Graph.Input::name).toList())));
    }
    List<FloatArray> arrays = new ArrayList<>();
    for (Path file : files) {
      arrays.add(NpyFile.read(file).requireRank("N x C x H x W", "for one picture: x[np.newaxis]"));
    }
    int images = batch.orElse(arrays.getFirst().size(0));
    for (int i = 0; i < due; i++) {
      check(network, network.inputs().get(i), arrays.get(i), images);
    }
    float[][] values = arrays.stream().map(FloatArray::values).toArray(float[][]::new);
    return new RunData(network, problem(network, images), List.copyOf(files), values);
  }

  private static void check(Graph network, Graph.Input input, FloatArray array, int images) {
    Shape due = input.shape().withBatch(images);
    boolean ordinary = array.size(1) == due.c() && array.size(2) == array.size(3);
    if (array.shape().equals(List.of(due.n(), due.c(), due.h(), due.w()))) {
      return;
    }
    boolean size = array.size(2) != due.h() || array.size(3) != due.w();
    throw new IllegalArgumentException(
        "%s has the shape %s, but the %s of %s must be %s%s"
            .formatted(
                array.name(),
                FloatArray.python(array.shape()),
                network.inputName(network.inputs().indexOf(input)),
                network.name(),
                FloatArray.python(List.of(due.n(), due.c(), due.h(), due.w())),
                ordinary && size
                    ? "; --size %d makes the network for it".formatted(array.size(2))
                    : ""));
  }

  private static Problem problem(Graph network, int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("--batch is %d, but must be at least 1".formatted(batch));
    }
    return Problem.of(
        network,
        network.inputs().stream()
            .map(input -> TensorSpec.nchw(input.shape().withBatch(batch)))
            .toList());
  }

  /** The inputs for the document. */
  List<Input> inputs() {
    return IntStream.range(0, values.length)
        .mapToObj(
            i ->
                new Input(
                    network.inputs().get(i).name(),
                    problem.inputs().get(i).shape().toString(),
                    files.isEmpty() ? "random" : files.get(i).toString()))
        .toList();
  }

  /**
   * The outputs for the document.
   *
   * @param results values of each
   * @param targets files that the first of them are written to
   */
  List<Output> outputs(List<float[]> results, List<Path> targets) {
    return IntStream.range(0, results.size())
        .mapToObj(
            i -> {
              Shape shape = problem.outputs().get(i).shape();
              return new Output(
                  network.outputs().get(i),
                  shape.toString(),
                  targets.stream().skip(i).limit(1).map(Path::toString).findFirst(),
                  largest(shape, results.get(i)));
            })
        .toList();
  }

  /** Of the first image. */
  private static List<Value> largest(Shape shape, float[] values) {
    int area = shape.h() * shape.w();
    return IntStream.range(0, shape.c() * area)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> values[i]).reversed())
        .limit(LARGEST)
        .map(i -> new Value(i / area, i % area / shape.w(), i % shape.w(), values[i]))
        .toList();
  }

  /** Writes an output, whole or not at all. */
  void write(int output, float[] result, Path target) throws IOException {
    Shape shape = problem.outputs().get(output).shape();
    NpyFile.write(
        target,
        FloatArray.of(target.toString(), result, shape.n(), shape.c(), shape.h(), shape.w()));
  }
}
