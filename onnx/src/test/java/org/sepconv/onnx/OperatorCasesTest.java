package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.sepconv.onnx.model.ExternalData;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.ModelReader;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;
import org.sepconv.onnx.proto.GraphProto;
import org.sepconv.onnx.proto.ModelProto;
import org.sepconv.onnx.proto.OperatorSetIdProto;
import org.sepconv.onnx.proto.TensorProto;
import org.sepconv.onnx.proto.ValueInfoProto;
import org.sepconv.onnx.simplify.Simplifier;

/**
 * ONNX's own operator cases, with inputs and outputs: a model either is refused, or gives what the
 * case says. The cases are no part of this repository: {@code SEPCONV_ONNX_CASES} names their
 * folder, {@code /usr/share/libonnx-testdata/data} of Debian's package {@code libonnx-testdata}.
 */
class OperatorCasesTest {
  private static final String FOLDER = "SEPCONV_ONNX_CASES";

  /** Of the largest value, or of 1. */
  private static final double TOLERANCE = 1e-4;

  /** Numbers of 16 bits, which are computed with 32 here; and what is random. */
  private static final Set<String> OTHERS = Set.of("FLOAT16", "test_training_dropout");

  @Test
  void supportedOnesGiveWhatTheCasesSay() throws IOException {
    String folder = System.getenv(FOLDER);
    Assumptions.assumeTrue(
        folder != null && Files.isDirectory(Path.of(folder)),
        "skipped: %s names no folder of ONNX's operator cases".formatted(FOLDER));
    Map<String, String> refused = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    int right = 0;
    for (Path model : models(Path.of(folder))) {
      String name = model.getParent().getFileName().toString();
      try {
        Optional<String> difference = difference(model);
        if (difference.isEmpty()) {
          right++;
        } else {
          wrong.add(name + ": " + difference.get());
        }
      } catch (OnnxException unsupported) {
        refused.put(name, unsupported.getMessage());
      }
    }
    System.out.printf(
        "ONNX's operator cases: %d right, %d wrong, %d refused%n",
        right, wrong.size(), refused.size());
    if (Boolean.getBoolean("sepconv.onnx.verbose")) {
      refused.forEach((name, reason) -> System.out.println(name + ": " + reason));
    }
    assertEquals(List.of(), wrong);
    assertTrue(right > 200, "supported: " + right);
  }

  private static List<Path> models(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.endsWith("model.onnx"))
          .filter(file -> Files.isDirectory(file.resolveSibling("test_data_set_0")))
          .filter(file -> OTHERS.stream().noneMatch(file.toString()::contains))
          .sorted()
          .toList();
    }
  }

  /** How many inputs at most are computed, of real numbers or of bytes. */
  private record Way(int computed, boolean bytes) {
    boolean computes(TensorProto tensor) {
      int type = tensor.getDataType();
      return bytes ? type == 2 || type == 3 : type == 1 || type == 10 || type == 11;
    }
  }

  /** What is wrong, if something is; in the way that most of its inputs are computed. */
  private static Optional<String> difference(Path file) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    Path data = file.resolveSibling("test_data_set_0");
    List<TensorProto> inputs = tensors(data, "input_", model.getGraph().getInputCount());
    List<TensorProto> outputs = tensors(data, "output_", model.getGraph().getOutputCount());
    OnnxException refused = null;
    for (Way way : List.of(new Way(inputs.size(), false), new Way(1, false), new Way(1, true))) {
      if (way.bytes && inputs.stream().noneMatch(way::computes)) {
        continue;
      }
      try {
        return difference(model, inputs, outputs, way);
      } catch (OnnxException unsupported) {
        refused = unsupported;
      } catch (IllegalArgumentException otherSizes) {
        // Some cases have other inputs than their models say.
        refused = new OnnxException(otherSizes.getMessage());
      }
    }
    throw refused;
  }

  private static List<TensorProto> tensors(Path folder, String prefix, int count)
      throws IOException {
    List<TensorProto> tensors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = folder.resolve(prefix + i + ".pb");
      if (!Files.exists(file)) {
        throw new OnnxException("not all of its inputs and outputs are tensors");
      }
      tensors.add(TensorProto.parseFrom(Files.readAllBytes(file)));
    }
    return tensors;
  }

  /**
   * @param way which inputs are computed; the others are constants as they are in real models
   */
  private static Optional<String> difference(
      ModelProto model, List<TensorProto> inputs, List<TensorProto> outputs, Way way) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearInput();
    Set<String> constants = new HashSet<>();
    graph.getInitializerList().forEach(tensor -> constants.add(tensor.getName()));
    Map<String, float[]> values = new HashMap<>();
    List<List<Integer>> sizes = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      ValueInfoProto info = model.getGraph().getInput(i);
      TensorProto tensor = inputs.get(i);
      if (!way.computes(tensor)
          || values.size() >= way.computed
          || constants.contains(info.getName())) {
        if (!constants.contains(info.getName())) {
          graph.addInitializer(tensor.toBuilder().setName(info.getName()));
        }
        continue;
      }
      graph.addInput(info);
      sizes.add(tensor.getDimsList().stream().map(Long::intValue).toList());
      values.put(info.getName(), floats(tensor));
    }
    byte[] bytes = model.toBuilder().setGraph(graph).build().toByteArray();
    if (values.isEmpty()) {
      return knownDifference(bytes, outputs);
    }
    OnnxNetwork network = OnnxModel.read(bytes).network(sizes);
    List<float[]> given =
        Engines.run(
            "reference",
            network,
            network.inputs().stream().map(input -> values.get(input.name())).toList());
    for (int i = 0; i < given.size(); i++) {
      List<Integer> wanted = outputs.get(i).getDimsList().stream().map(Long::intValue).toList();
      if (!network.outputs().get(i).dimensions().equals(wanted)) {
        return Optional.of(
            "dimensions %s, not %s".formatted(network.outputs().get(i).dimensions(), wanted));
      }
      Optional<String> wrong = difference(i, floats(outputs.get(i)), given.get(i));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** The same where nothing is left to be computed in a run. */
  private static Optional<String> knownDifference(byte[] bytes, List<TensorProto> outputs) {
    ModelFile model = Simplifier.simplified(ModelReader.read(bytes, ExternalData.none()));
    for (int i = 0; i < outputs.size(); i++) {
      Tensor tensor = model.constants().get(model.outputs().get(i).name());
      if (tensor == null) {
        throw new OnnxException("it is not known before a run");
      }
      List<Integer> given = Arrays.stream(tensor.dimensions()).boxed().toList();
      List<Integer> wanted = outputs.get(i).getDimsList().stream().map(Long::intValue).toList();
      if (!given.equals(wanted)) {
        return Optional.of("dimensions %s, not %s".formatted(given, wanted));
      }
      Optional<String> wrong = difference(i, floats(outputs.get(i)), tensor.floats());
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(int output, float[] expected, float[] given) {
    double largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Float.isFinite(value) ? Math.abs(value) : 0);
    }
    for (int i = 0; i < expected.length; i++) {
      double one = Math.abs(expected[i] - (double) given[i]);
      if (Float.compare(expected[i], given[i]) != 0 && !(one <= TOLERANCE * largest)) {
        return Optional.of(
            "value %d of output %d is %s, not %s".formatted(i, output, given[i], expected[i]));
      }
    }
    return Optional.empty();
  }

  private static float[] floats(TensorProto tensor) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .addInitializer(tensor.toBuilder().setName("x"))
            .addOutput(ValueInfoProto.newBuilder().setName("x"));
    ModelProto model =
        ModelProto.newBuilder()
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
            .setGraph(graph)
            .build();
    return ModelReader.read(model.toByteArray(), ExternalData.none()).constants().get("x").floats();
  }
}
