package org.sepconv.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.graph.Networks;
import org.sepconv.reference.Reference;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;

/**
 * A ready-made network with random weights.
 *
 * @param network its name, as {@link Networks} has it
 * @param size height and width of its input
 * @param width multiplier of its channels
 * @param batch images at once
 */
public record BenchNetwork(String network, int size, double width, int batch) implements Subject {
  static final String PREFIX = "network ";

  /** The largest error over the largest value: float32 through some sixty layers, and to spare. */
  static final double TOLERANCE = 5e-4;

  private static final long SEED = 1;

  /**
   * @throws IllegalArgumentException if there is no such network, or it cannot have this input
   */
  public BenchNetwork {
    if (batch < 1) {
      throw new IllegalArgumentException("batch is %d, but must be at least 1".formatted(batch));
    }
    network = Networks.of(network, size, width).name();
  }

  /**
   * Networks with each of these batches, the same network's together.
   *
   * @throws IllegalArgumentException if there is no such network, listing those there are
   */
  public static List<BenchNetwork> of(
      List<String> networks, int size, double width, List<Integer> batches) {
    List<BenchNetwork> all = new ArrayList<>();
    for (String network : networks) {
      for (int batch : batches) {
        all.add(new BenchNetwork(network, size, width, batch));
      }
    }
    return all.stream().distinct().toList();
  }

  /** {@code network mobilenet_v2 224 1.0 8}. */
  @Override
  public String line() {
    return PREFIX + network + " " + size + " " + width + " " + batch;
  }

  static BenchNetwork parse(String line) {
    String[] words = line.split(" ");
    return new BenchNetwork(
        words[1],
        Integer.parseInt(words[2]),
        Double.parseDouble(words[3]),
        Integer.parseInt(words[4]));
  }

  /** {@code mobilenet_v2-b8}: batches are rows of their own. */
  @Override
  public String name() {
    return network + "-b" + batch;
  }

  @Override
  public String layer() {
    return name();
  }

  @Override
  public Variant variant() {
    return Variant.GIVEN;
  }

  @Override
  public String description() {
    return "network of %d operations".formatted(graph().nodes().size());
  }

  private Graph graph() {
    return Networks.of(network, size, width);
  }

  @Override
  public Problem problem() {
    return problem(batch);
  }

  private Problem problem(int images) {
    Problem usual = graph().problem();
    TensorSpec source = usual.source();
    return usual.withSource(source.withShape(source.shape().withBatch(images)));
  }

  @Override
  public Workload workload() {
    Problem problem = problem();
    SplittableRandom random = new SplittableRandom(SEED);
    float[] image = new float[problem.source().shape().elements()];
    for (int i = 0; i < image.length; i++) {
      image[i] = 2 * (2 * random.nextFloat() - 1);
    }
    return new Workload(problem, Weights.random(problem.operation(), SEED), List.of(image));
  }

  /**
   * By the reference, node after node and image by image, with {@value #TOLERANCE} of the largest
   * value as bound.
   */
  @Override
  public Reference.Result answer() {
    Workload work = workload();
    Problem one = problem(1);
    float[] input = work.inputs().getFirst();
    int taken = input.length / batch;
    int given = one.destination().shape().elements();
    float[] output = new float[batch * given];
    try (Backends backends = Backends.discover()) {
      ConvBackend reference = backends.backend("reference");
      IntStream.range(0, batch)
          .parallel()
          .forEach(
              image -> {
                float[] values = Arrays.copyOfRange(input, image * taken, (image + 1) * taken);
                System.arraycopy(
                    reference.convolve(one, work.weights(), values),
                    0,
                    output,
                    image * given,
                    given);
              });
    }
    double[] values = new double[output.length];
    double largest = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = output[i];
      largest = Math.max(largest, Math.abs(values[i]));
    }
    double[] bounds = new double[values.length];
    Arrays.fill(bounds, TOLERANCE * largest);
    return new Reference.Result(work.problem().destination(), values, bounds);
  }

  @Override
  public double peerTolerance() {
    return 1;
  }
}
