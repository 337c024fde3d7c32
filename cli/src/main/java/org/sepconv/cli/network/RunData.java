package org.sepconv.cli.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.cases.TestData;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.SizedModel;
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
record RunData(SizedModel network, Problem problem, List<Path> files, float[][] values) {
  private static final int LARGEST = 5;

  /**
   * Random inputs.
   *
   * @param batch images in each
   */
  static RunData random(Model model, int batch, long seed) {
    SizedModel network = model.sized(batch);
    Problem problem = network.problem(Layout.NCHW);
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
  static RunData read(Model model, Optional<Integer> batch, List<Path> files) throws IOException {
    List<String> due = model.inputNames();
    if (files.size() != due.size()) {
      throw new IllegalArgumentException(
          "%d files are given with --input, but %s takes %d: %s"
              .formatted(files.size(), model.name(), due.size(), String.join(", ", due)));
    }
    List<FloatArray> arrays = new ArrayList<>();
    for (Path file : files) {
      arrays.add(NpyFile.read(file));
    }
    SizedModel network = model.sized(arrays, batch);
    float[][] values = arrays.stream().map(FloatArray::values).toArray(float[][]::new);
    return new RunData(network, network.problem(Layout.NCHW), List.copyOf(files), values);
  }

  /** The inputs for the document. */
  List<Input> inputs() {
    return IntStream.range(0, values.length)
        .mapToObj(
            i ->
                new Input(
                    network.inputs().get(i).name(),
                    network.inputs().get(i).sizes(),
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
              SizedModel.Value output = network.outputs().get(i);
              return new Output(
                  output.name(),
                  output.sizes(),
                  targets.stream().skip(i).limit(1).map(Path::toString).findFirst(),
                  largest(output.dimensions(), results.get(i)));
            })
        .toList();
  }

  /** Of the first image. */
  private static List<Value> largest(List<Integer> dimensions, float[] values) {
    List<Integer> inner = dimensions.subList(Math.min(1, dimensions.size()), dimensions.size());
    return IntStream.range(0, inner.stream().reduce(1, (a, b) -> a * b))
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
        .limit(LARGEST)
        .map(i -> new Value(place(inner, i), values[i]))
        .toList();
  }

  /** Where the value of this number lies. */
  private static List<Integer> place(List<Integer> dimensions, int number) {
    List<Integer> place = new ArrayList<>();
    int rest = number;
    for (int size : dimensions.reversed()) {
      place.addFirst(rest % size);
      rest /= size;
    }
    return place;
  }

  /** Writes an output, whole or not at all. */
  void write(int output, float[] result, Path target) throws IOException {
    NpyFile.write(
        target,
        new FloatArray(target.toString(), network.outputs().get(output).dimensions(), result));
  }
}
