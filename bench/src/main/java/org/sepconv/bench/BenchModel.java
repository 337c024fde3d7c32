package org.sepconv.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.ModelFile;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.onnx.NetworkValue;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.onnx.OnnxNetwork;
import org.sepconv.reference.Reference;

/**
 * A model in an ONNX file, for inputs of certain dimensions. What must come out is what ONNX
 * Runtime gives for the same file: all outputs, one after the other.
 */
public final class BenchModel implements Subject {
  static final String PREFIX = "model ";

  /** The largest difference over the largest value of an output. */
  public static final double TOLERANCE = 5e-4;

  private static final String PEER = "onnxruntime";

  /** See {@code OnnxRuntime#jvmOptions}. */
  private static final long STACK = 16 << 20;

  private final Path path;
  private final List<List<Integer>> dimensions;
  private final OnnxNetwork network;
  private final double readSeconds;

  private BenchModel(
      Path path, List<List<Integer>> dimensions, OnnxNetwork network, double readSeconds) {
    this.path = path;
    this.dimensions = dimensions;
    this.network = network;
    this.readSeconds = readSeconds;
  }

  /**
   * Reads a model.
   *
   * @param dimensions of each input
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if it does not take such inputs
   * @throws org.sepconv.onnx.model.OnnxException if it is no model, or has what is not supported
   */
  public static BenchModel read(Path path, List<List<Integer>> dimensions) throws IOException {
    Path absolute = path.toAbsolutePath();
    long start = System.nanoTime();
    OnnxNetwork network = OnnxModel.read(absolute).network(dimensions);
    return new BenchModel(absolute, dimensions, network, (System.nanoTime() - start) * 1e-9);
  }

  /** {@code model 1x3x48x320 /models/text.onnx}; inputs are separated by commas. */
  @Override
  public String line() {
    return PREFIX + sizes() + " " + path;
  }

  static BenchModel parse(String line) throws IOException {
    String[] words = line.split(" ", 3);
    return read(Path.of(words[2]), dimensions(words[1]));
  }

  /**
   * The dimensions of inputs, as {@code 1x3x48x320} or {@code 1x3x48x320,1x8}.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static List<List<Integer>> dimensions(String text) {
    try {
      return Arrays.stream(text.split(","))
          .map(input -> Arrays.stream(input.split("x")).map(Integer::valueOf).toList())
          .toList();
    } catch (NumberFormatException wrong) {
      throw new IllegalArgumentException(
          "'%s' are no dimensions of inputs, such as 1x3x48x320".formatted(text), wrong);
    }
  }

  private String sizes() {
    return dimensions.stream()
        .map(input -> input.stream().map(String::valueOf).collect(Collectors.joining("x")))
        .collect(Collectors.joining(","));
  }

  /** The name of the file without its ending. */
  public String model() {
    return path.getFileName().toString().replaceAll("\\.onnx$", "").replace(' ', '_');
  }

  @Override
  public String name() {
    return model() + "-" + sizes();
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
    return "model of %d operations".formatted(network.graph().nodes().size());
  }

  @Override
  public Problem problem() {
    return network.graph().problem();
  }

  @Override
  public Workload workload() {
    SplittableRandom random = new SplittableRandom(1);
    List<float[]> inputs = new ArrayList<>();
    for (NetworkValue input : network.inputs()) {
      inputs.add(bars(input, random));
    }
    return new Workload(
        problem(),
        network.weights(),
        inputs,
        Optional.of(new ModelFile(path, network.inputs(), network.outputs(), readSeconds)));
  }

  /** Rows of dark bars on white, and some noise: a detector of text has something to see. */
  private static float[] bars(NetworkValue input, SplittableRandom random) {
    float[] values = new float[input.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      int y = i / input.shape().w() % input.shape().h() % 40;
      int x = i % input.shape().w();
      boolean dark = y >= 12 && y < 28 && x % 80 > 8 && x / 3 % 2 == 0 && (x * 7 + y / 4) % 5 != 0;
      values[i] = (dark ? -1 : 1) + 0.1f * (random.nextFloat() - 0.5f);
    }
    return values;
  }

  /**
   * What ONNX Runtime gives for the file, with {@link #TOLERANCE} of the largest value of each
   * output as bound.
   *
   * @throws IllegalStateException if it is not available here, or cannot run the model
   */
  @Override
  public Reference.Result answer() {
    Implementation peer = Implementations.peer(PEER);
    peer.unavailable()
        .ifPresent(
            reason -> {
              throw new IllegalStateException("no answer to compare with: " + reason);
            });
    List<float[]> outputs = withStack(() -> run(peer));
    double[] values = new double[answerShape().elements()];
    double[] bounds = new double[values.length];
    int at = 0;
    for (float[] output : outputs) {
      double largest = 0;
      for (int i = 0; i < output.length; i++) {
        values[at + i] = output[i];
        largest = Math.max(largest, Math.abs(output[i]));
      }
      Arrays.fill(bounds, at, at + output.length, TOLERANCE * largest);
      at += output.length;
    }
    return new Reference.Result(TensorSpec.nchw(answerShape()), values, bounds);
  }

  private List<float[]> run(Implementation engine) {
    try (PreparedLayer prepared = engine.prepare(workload(), 1)) {
      prepared.run();
      return prepared.outputs();
    }
  }

  private static <T> T withStack(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(null, task, "answer", STACK);
    thread.start();
    try {
      return task.get();
    } catch (ExecutionException failure) {
      Throwable cause = Objects.requireNonNullElse(failure.getCause(), failure);
      throw new IllegalStateException(cause.getMessage(), cause);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while ONNX Runtime computed", interrupted);
    }
  }

  @Override
  public Shape answerShape() {
    return Shape.of(
        1, 1, problem().outputs().stream().mapToInt(output -> output.shape().elements()).sum());
  }

  @Override
  public float[] given(PreparedLayer prepared) {
    float[] all = new float[answerShape().elements()];
    int at = 0;
    for (float[] output : prepared.outputs()) {
      System.arraycopy(output, 0, all, at, output.length);
      at += output.length;
    }
    return all;
  }

  @Override
  public double peerTolerance() {
    return 1;
  }
}
