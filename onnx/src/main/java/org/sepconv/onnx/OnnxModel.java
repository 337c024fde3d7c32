package org.sepconv.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.sepconv.Shape;
import org.sepconv.graph.pass.Program;
import org.sepconv.onnx.lower.Lowering;
import org.sepconv.onnx.lower.WeightCache;
import org.sepconv.onnx.model.ExternalData;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.ModelReader;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.simplify.Simplifier;
import org.sepconv.session.Model;

/**
 * A model in ONNX, of operator set 6 or newer: read once, and made into a graph for each size of
 * its inputs. Computed in float32, whatever floating-point types the file has. Immutable and
 * thread-safe.
 *
 * <p>A file is not trusted: whatever is wrong with it ends in an {@link OnnxException} that names
 * the place, what is read of it is bounded by its size, and what is computed before a run by a
 * fixed number of values.
 */
public final class OnnxModel implements Model {
  /**
   * Longer files cannot be held in one array; weights of larger models lie in files of their own.
   */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  private final ModelFile file;
  private final ModelFile simplified;
  private final WeightCache weights;

  private OnnxModel(ModelFile file) {
    this.file = file;
    this.simplified = Simplifier.simplified(file);
    this.weights = new WeightCache(simplified.constants().values());
  }

  /**
   * Reads a file, and files in its folder that it names for its weights.
   *
   * @throws IOException if it cannot be read
   * @throws OnnxException if it is no model, or not a sound one
   */
  public static OnnxModel read(Path path) throws IOException {
    long size = Files.size(path);
    if (size > MAX_BYTES) {
      throw new OnnxException(
          "%s has %d bytes, more than %d: export it with its weights in a file of their own"
              .formatted(path, size, MAX_BYTES));
    }
    byte[] bytes = Files.readAllBytes(path);
    Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent()); // a file has one
    return new OnnxModel(ModelReader.read(bytes, ExternalData.in(folder)));
  }

  /**
   * Reads a model that brings all its weights along.
   *
   * @throws OnnxException if it is no model, or not a sound one
   */
  public static OnnxModel read(byte[] bytes) {
    return new OnnxModel(ModelReader.read(bytes, ExternalData.none()));
  }

  /** What its graph is called; may be empty. */
  public String name() {
    return file.name();
  }

  /** What wrote it, with its version; may be empty. */
  public String producer() {
    return file.producer();
  }

  /** The version of ONNX's operators that it uses. */
  public int opset() {
    return file.opset();
  }

  /** What its author adds: classes, for instance. */
  public Map<String, String> metadata() {
    return file.metadata();
  }

  /** What it takes, without the inputs that the file itself gives. */
  public List<ModelValue> inputs() {
    return file.inputs().stream().map(OnnxModel::value).toList();
  }

  /** What it gives. */
  public List<ModelValue> outputs() {
    return file.outputs().stream().map(OnnxModel::value).toList();
  }

  private static ModelValue value(ModelFile.ValueInfo info) {
    return new ModelValue(
        info.name(), info.dimensions().stream().map(ModelDimension::new).toList());
  }

  /**
   * The graph for inputs of these dimensions, in the order of {@link #inputs}. Weights are the same
   * objects in all of them.
   *
   * @throws IllegalArgumentException if the model does not take such inputs
   * @throws OnnxException naming every node that is not supported
   */
  public OnnxNetwork network(List<List<Integer>> dimensions) {
    checkInputs(dimensions);
    List<int[]> inputs =
        dimensions.stream()
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .toList();
    Lowering.Result result = Lowering.run(simplified, weights, inputs);
    List<Shape> shapes =
        result.graph().outputShapes(result.graph().inputs().stream().map(i -> i.shape()).toList());
    List<NetworkValue> taken = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      taken.add(
          tensor(
              file.inputs().get(i).name(), inputs.get(i), result.graph().inputs().get(i).shape()));
    }
    List<NetworkValue> given = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      given.add(tensor(file.outputs().get(i).name(), result.outputs().get(i), shapes.get(i)));
    }
    return new OnnxNetwork(result.graph(), result.weights(), taken, given);
  }

  /** The same for a model with one input. */
  public OnnxNetwork network(int... dimensions) {
    return network(List.of(Arrays.stream(dimensions).boxed().toList()));
  }

  /**
   * The same for inputs of these shapes: the dimensions of an input of fewer than four are the last
   * of its shape.
   *
   * @throws IllegalArgumentException if the model does not take such inputs
   * @throws OnnxException naming every node that is not supported
   */
  @Override
  public Program at(List<Shape> shapes) {
    List<List<Integer>> dimensions = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get(i);
      List<Integer> sizes = List.of(shape.n(), shape.c(), shape.h(), shape.w());
      int rank =
          i < file.inputs().size() && file.inputs().get(i).ranked()
              ? file.inputs().get(i).dimensions().size()
              : sizes.size();
      if (rank > sizes.size() || sizes.stream().limit(4 - rank).anyMatch(size -> size > 1)) {
        throw new IllegalArgumentException(
            "%s is no shape of an input of %d dimensions".formatted(shape, rank));
      }
      dimensions.add(sizes.subList(sizes.size() - rank, sizes.size()));
    }
    OnnxNetwork network = network(dimensions);
    return new Program(network.graph(), network.weights());
  }

  private static NetworkValue tensor(String name, int[] dimensions, Shape shape) {
    return new NetworkValue(name, Arrays.stream(dimensions).boxed().toList(), shape);
  }

  /** Whether an input can be given as float32: bytes can where only their values count. */
  private boolean takes(ModelFile.ValueInfo info) {
    return switch (info.numbers()) {
      case REAL -> true;
      case BYTES ->
          simplified.nodes().stream()
              .filter(node -> node.inputs().contains(info.name()))
              .allMatch(Simplifier::takesBytes);
      case WHOLE -> false;
    };
  }

  private void checkInputs(List<List<Integer>> dimensions) {
    List<ModelValue> inputs = inputs();
    if (dimensions.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "the model takes %d inputs, %s, not %d"
              .formatted(inputs.size(), inputs, dimensions.size()));
    }
    for (int i = 0; i < inputs.size(); i++) {
      List<ModelDimension> wanted = inputs.get(i).dimensions();
      List<Integer> given = dimensions.get(i);
      ModelFile.ValueInfo info = file.inputs().get(i);
      if (!takes(info)) {
        throw new OnnxException(
            "the input %s takes whole numbers: only floating-point inputs are supported, and bytes that are dequantised"
                .formatted(info.name()));
      }
      boolean fits =
          !info.ranked()
              || wanted.size() == given.size()
                  && IntStream.range(0, given.size())
                      .allMatch(d -> wanted.get(d).takes(given.get(d)));
      if (!fits || given.stream().anyMatch(size -> size < 1)) {
        throw new IllegalArgumentException(
            "the model takes %s, not %s".formatted(inputs.get(i), given));
      }
    }
  }
}
