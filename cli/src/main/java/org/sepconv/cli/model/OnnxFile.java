package org.sepconv.cli.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sepconv.files.FloatArray;
import org.sepconv.files.InputFile;
import org.sepconv.onnx.ModelDimension;
import org.sepconv.onnx.ModelValue;
import org.sepconv.onnx.NetworkValue;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.onnx.OnnxNetwork;
import org.sepconv.onnx.model.OnnxException;

/**
 * A model in ONNX.
 *
 * @param size for every dimension that the model leaves free, but the first
 * @param shapes of the inputs, if they are given whole
 */
public record OnnxFile(
    Path path, OnnxModel model, Optional<Integer> size, List<List<Integer>> shapes)
    implements Model {

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it is not a model that is supported
   * @throws IOException if it cannot be read
   */
  public static OnnxFile read(Path path, Optional<Integer> size, List<List<Integer>> shapes)
      throws IOException {
    InputFile.check(path);
    try {
      return new OnnxFile(path, OnnxModel.read(path), size, shapes);
    } catch (OnnxException refused) {
      throw refused(path, refused);
    }
  }

  private static IllegalArgumentException refused(Path path, RuntimeException refused) {
    return new IllegalArgumentException(path + ": " + refused.getMessage(), refused);
  }

  @Override
  public String name() {
    return path.getFileName().toString();
  }

  @Override
  public String title() {
    return "%s, ONNX of operator set %d%s"
        .formatted(
            name(), model.opset(), model.producer().isBlank() ? "" : " from " + model.producer());
  }

  @Override
  public String weights() {
    return "of the model";
  }

  @Override
  public SizedModel sized(int batch) {
    if (!shapes.isEmpty()) {
      return at(shapes);
    }
    List<List<Integer>> inputs = new ArrayList<>();
    for (ModelValue input : model.inputs()) {
      List<Integer> dimensions = new ArrayList<>();
      for (ModelDimension dimension : input.dimensions()) {
        boolean first = dimensions.isEmpty();
        dimensions.add(
            !dimension.isFree()
                ? Integer.valueOf(dimension.text())
                : first ? batch : size.orElseThrow(() -> unknown(input)));
      }
      inputs.add(dimensions);
    }
    return at(inputs);
  }

  private IllegalArgumentException unknown(ModelValue input) {
    String example =
        input.dimensions().stream()
            .map(dimension -> dimension.isFree() ? "SIZE" : dimension.text())
            .collect(Collectors.joining("x"));
    return new IllegalArgumentException(
        "%s takes %s, of sizes that are free: say them with --shape %s, or all with --size"
            .formatted(name(), input, example));
  }

  @Override
  public List<String> inputNames() {
    return model.inputs().stream().map(ModelValue::name).toList();
  }

  @Override
  public SizedModel sized(List<FloatArray> inputs, Optional<Integer> batch) {
    for (FloatArray array : inputs) {
      if (batch.isPresent() && (array.shape().isEmpty() || array.size(0) != batch.get())) {
        throw new IllegalArgumentException(
            "%s has the shape %s, which is no --batch of %d"
                .formatted(array.name(), FloatArray.python(array.shape()), batch.get()));
      }
    }
    return at(inputs.stream().map(FloatArray::shape).toList());
  }

  private SizedModel at(List<List<Integer>> dimensions) {
    try {
      OnnxNetwork network = model.network(dimensions);
      return new SizedModel(
          network.graph(), network::weights, values(network.inputs()), values(network.outputs()));
    } catch (OnnxException | IllegalArgumentException refused) {
      throw refused(path, refused);
    }
  }

  private static List<SizedModel.Value> values(List<NetworkValue> values) {
    return values.stream()
        .map(value -> new SizedModel.Value(value.name(), value.dimensions(), value.shape()))
        .toList();
  }
}
