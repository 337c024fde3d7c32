package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.BatchNorm;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;

/** Weights of timm's models are those of ours. */
class TimmNamesTest {

  /** In the order of both: torchvision's layers and timm's come one after the other alike. */
  @ParameterizedTest
  @ValueSource(
      strings = {"mobilenet_v2", "mobilenet_v3_large", "mobilenet_v3_small", "efficientnet_b0"})
  void everyParameterIsThatOfTheSameLayer(String name) {
    Graph graph = Networks.of(name, 64, 1);
    Map<String, FloatArray> timm = TimmModel.of(name);
    GraphWeights weights = new StateDict("timm.safetensors", timm).weights(graph, 1e-3);
    assertEquals(firstValues(timm.values()), firstValues(StateDict.of(graph, weights)));
  }

  /** Constants come before nodes in ours. */
  @Test
  void everyParameterOfConvNeXtHasItsPlace() {
    Graph graph = Networks.of("convnext_tiny", 64, 1);
    Map<String, FloatArray> timm = TimmModel.of("convnext_tiny");
    GraphWeights weights = new StateDict("timm.safetensors", timm).weights(graph, 1e-6);
    Map<String, FloatArray> ours = new HashMap<>(StateDict.of(graph, weights).arrays());
    assertEquals(1e-6f, ours.remove("epsilon").values()[0]);
    assertEquals(firstValues(timm.values()), firstValues(ours.values()).stream().sorted().toList());
    Map.of(
            "features.0.0.weight", "stem.0.weight",
            "features.0.1.bias", "stem.1.bias",
            "features.4.0.weight", "stages.2.downsample.0.weight",
            "features.4.1.bias", "stages.2.downsample.1.bias",
            "features.5.8.block.0.weight", "stages.2.blocks.8.conv_dw.weight",
            "features.5.8.block.2.weight", "stages.2.blocks.8.norm.weight",
            "features.5.8.block.5.bias", "stages.2.blocks.8.mlp.fc2.bias",
            "features.7.2.layer_scale", "stages.3.blocks.2.gamma",
            "classifier.0.weight", "head.norm.weight",
            "classifier.2.bias", "head.fc.bias")
        .forEach(
            (ourName, name) ->
                assertEquals(timm.get(name).values()[0], ours.get(ourName).values()[0], ourName));
  }

  private static List<Float> firstValues(StateDict dict) {
    return firstValues(dict.arrays().values());
  }

  private static List<Float> firstValues(Collection<FloatArray> arrays) {
    List<Float> values = new ArrayList<>();
    arrays.forEach(array -> values.add(array.values()[0]));
    return values;
  }

  /** torchvision's MobileNetV3 has 0.001, which the caller gives. */
  @Test
  void batchNormsHaveTimmsEpsilon() {
    Graph graph = Networks.of("mobilenet_v3_small", 64, 1);
    GraphWeights weights =
        new StateDict("x.npz", TimmModel.of("mobilenet_v3_small")).weights(graph, 1e-3);
    assertEquals(1e-5, ((BatchNorm) weights.ofNodes().get("features.0.1")).epsilon());
  }

  @Test
  void allThatIsWrongIsNamedAsTimmNamesIt() {
    Graph graph = Networks.of("mobilenet_v3_small", 64, 1);
    Map<String, FloatArray> arrays = TimmModel.of("mobilenet_v3_small");
    arrays.remove("blocks.3.1.se.conv_expand.bias");
    arrays.put("norm_head.weight", FloatArray.of("norm_head.weight", new float[1], 1));
    arrays.put("classifier.bias", FloatArray.of("b", new float[10], 10));
    arrays.put("blocks.1.0.bn2.running_var", FloatArray.of("v", negative(72), 72));
    String message = refusal("x.npz", arrays, graph);
    for (String part :
        List.of(
            "x.npz does not fit mobilenet_v3_small",
            "it lacks (1): blocks.3.1.se.conv_expand.bias",
            "has besides (1): norm_head.weight",
            "classifier.bias is (10,) and must be (1000,)",
            "blocks.1.0.bn2: variance[0] is -1.0")) {
      assertTrue(message.contains(part), message);
    }
  }

  private static float[] negative(int count) {
    float[] values = new float[count];
    values[0] = -1;
    return values;
  }

  private static String refusal(String source, Map<String, FloatArray> arrays, Graph graph) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> new StateDict(source, arrays).weights(graph, 1e-3))
        .getMessage();
  }

  /** Its layers are called the same; only the name of the file tells. */
  @Test
  void modelsWithTensorFlowsPaddingAreRefused() {
    Graph graph = Networks.of("efficientnet_b0", 64, 1);
    Map<String, FloatArray> arrays = TimmModel.of("efficientnet_b0");
    for (String source :
        List.of("tf_efficientnet_b0.safetensors", "w/tf_efficientnet_b0.ns_jft_in1k/model.npz")) {
      assertEquals(
          source
              + " is of a model of timm with TensorFlow's padding, which efficientnet_b0 has not:"
              + " take the model without tf_ in its name",
          refusal(source, arrays, graph));
    }
    new StateDict("leitf_a.npz", arrays).weights(graph, 1e-5);
  }

  /** A folder called so is no reason to refuse torchvision's names. */
  @Test
  void torchvisionsNamesAreTakenAsBefore() {
    Graph graph = Networks.of("mobilenet_v2", 64, 1);
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    StateDict dict = new StateDict("tf_models/w.npz", StateDict.of(graph, weights).arrays());
    assertEquals(weights, dict.weights(graph, 1e-5));
  }

  @Test
  void anotherNetworksFileIsNamedWithBothSides() {
    String message =
        refusal("v2.npz", TimmModel.of("mobilenet_v2"), Networks.of("shufflenet_v2", 64, 1));
    assertTrue(message.contains("it lacks") && message.contains("conv_stem.weight"), message);
  }
}
