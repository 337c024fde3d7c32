package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;

class StateDictTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.sepconv.graph.Networks#names")
  void everyNetworkGoesThroughAFileAndBack(String name) throws IOException {
    Graph graph = Networks.of(name, 64, 1);
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    Path path = folder.resolve(name + ".safetensors");
    StateDict.of(graph, weights).write(path);
    assertEquals(weights, StateDict.read(path).weights(graph, 1e-5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"w.safetensors", "w.npz"})
  void torchvisionsNamesAreTheLayers(String file) throws IOException {
    Graph graph = Networks.of("mobilenet_v3_small", 64, 1);
    Path path = folder.resolve(file);
    StateDict.of(graph, (GraphWeights) Weights.random(graph, 1)).write(path);
    StateDict read = StateDict.read(path);
    assertEquals(List.of(16, 3, 3, 3), read.arrays().get("features.0.0.weight").shape());
    assertEquals(List.of(16), read.arrays().get("features.0.1.running_var").shape());
    GraphWeights weights = read.weights(graph, 1e-3);
    assertEquals(1e-3, ((BatchNorm) weights.ofNodes().get("features.0.1")).epsilon());
  }

  /** A dense layer of PyTorch has a matrix where the convolution has a filter. */
  @Test
  void sizesOfOneMayBeLeftOut() {
    Graph graph = Networks.of("mobilenet_v3_small", 64, 1);
    Map<String, FloatArray> arrays =
        new HashMap<>(StateDict.of(graph, (GraphWeights) Weights.random(graph, 1)).arrays());
    FloatArray filter = arrays.get("classifier.3.weight");
    arrays.put("classifier.3.weight", FloatArray.of("w", filter.values(), 1000, 1024));
    GraphWeights weights = new StateDict("test", arrays).weights(graph, 1e-3);
    assertArrayEquals(
        filter.values(), ((ConvWeights) weights.ofNodes().get("classifier.3")).filter());
  }

  @Test
  void everyOperationWithWeightsGoesThroughAFileAndBack() throws IOException {
    Graph inner =
        Graph.builder("inner")
            .input("x", Shape.of(4, 6, 6))
            .constant("shift", Shape.of(4, 1, 1))
            .add("conv", Conv2d.depthwise(4).same().bias().build(), "x")
            .add("sum", Binary.add(), "conv", "shift")
            .build();
    Graph graph =
        Graph.builder("outer")
            .input("x", Shape.of(4, 6, 6))
            .add("within", inner)
            .add("up", TransposedConv2d.of(4, 6).kernel(2, 3).stride(2).groups(2).bias().build())
            .add("block", SeparableConv2d.of(6, 4).same().bias().build())
            .add("norm", new BatchNormalization(4))
            .build();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    Path path = folder.resolve("outer.safetensors");
    StateDict.of(graph, weights).write(path);
    StateDict read = StateDict.read(path);
    assertEquals(List.of(4, 3, 2, 3), read.arrays().get("up.weight").shape());
    assertTrue(read.arrays().containsKey("within.conv.weight"), read.arrays()::toString);
    assertEquals(weights, read.weights(graph, 1e-5));
  }

  @Test
  void allThatIsWrongIsNamedAtOnce() {
    Graph graph = Networks.of("mobilenet_v3_small", 64, 1);
    Map<String, FloatArray> arrays =
        new LinkedHashMap<>(StateDict.of(graph, (GraphWeights) Weights.random(graph, 1)).arrays());
    arrays.remove("features.0.0.weight");
    arrays.put("fc.weight", FloatArray.of("fc.weight", new float[1], 1));
    arrays.put("classifier.3.bias", FloatArray.of("b", new float[10], 10));
    arrays.put("features.0.1.running_var", FloatArray.of("v", negative(16), 16));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new StateDict("x.npz", arrays).weights(graph, 1e-3))
            .getMessage();
    for (String part :
        List.of(
            "x.npz does not fit mobilenet_v3_small",
            "it lacks (1): features.0.0.weight",
            "has besides (1): fc.weight",
            "classifier.3.bias is (10,) and must be (1000,)",
            "features.0.1: variance[0] is -1.0")) {
      assertTrue(message.contains(part), message);
    }
  }

  private static float[] negative(int count) {
    float[] values = new float[count];
    values[0] = -1;
    return values;
  }

  @Test
  void otherFilesAreRefusedWithTheWayOut() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> StateDict.read(Path.of("model.pt")))
            .getMessage()
            .contains("save_file(torch.load('model.pt'), 'weights.safetensors')"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> StateDict.read(Path.of("model.h5")))
            .getMessage()
            .contains(".safetensors or .npz"));
  }
}
