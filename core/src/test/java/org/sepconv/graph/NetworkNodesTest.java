package org.sepconv.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.Graph;

/** How the networks are put together, and what their nodes are called. */
class NetworkNodesTest {

  /** The nodes of a block, each as {@code name <- inputs}, without the block's own name. */
  private static List<String> nodes(String network, String block) {
    return Networks.of(network, 64, 1).nodes().stream()
        .filter(node -> node.name().startsWith(block))
        .map(node -> node.name() + " <- " + String.join(", ", node.inputs()))
        .map(text -> text.replace(block, ""))
        .toList();
  }

  private static String operation(String network, String name) {
    return Networks.of(network, 64, 1).nodes().stream()
        .filter(node -> node.name().equals(name))
        .map(node -> node.operation().toString())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void squeezeExciteOfMobileNetV3() {
    assertEquals(
        List.of(
            "0.0 <- features.0.2",
            "0.1 <- 0.0",
            "0.2 <- 0.1",
            "1.avgpool <- 0.2",
            "1.fc1 <- 1.avgpool",
            "1.activation <- 1.fc1",
            "1.fc2 <- 1.activation",
            "1.scale_activation <- 1.fc2",
            "1.multiply <- 0.2, 1.scale_activation",
            "2.0 <- 1.multiply",
            "2.1 <- 2.0"),
        nodes("mobilenet_v3_small", "features.1.block."));
  }

  @Test
  void residualOfMobileNetV3() {
    assertEquals(
        List.of(
            "block.0.0 <- features.2.block.2.1",
            "block.0.1 <- block.0.0",
            "block.0.2 <- block.0.1",
            "block.1.0 <- block.0.2",
            "block.1.1 <- block.1.0",
            "block.1.2 <- block.1.1",
            "block.2.0 <- block.1.2",
            "block.2.1 <- block.2.0",
            "add <- features.2.block.2.1, block.2.1"),
        nodes("mobilenet_v3_small", "features.3."));
  }

  @Test
  void blocksOfEfficientNet() {
    assertEquals(
        List.of(
            "block.0.0 <- features.2.0.block.3.1",
            "block.0.1 <- block.0.0",
            "block.0.2 <- block.0.1",
            "block.1.0 <- block.0.2",
            "block.1.1 <- block.1.0",
            "block.1.2 <- block.1.1",
            "block.2.avgpool <- block.1.2",
            "block.2.fc1 <- block.2.avgpool",
            "block.2.activation <- block.2.fc1",
            "block.2.fc2 <- block.2.activation",
            "block.2.scale_activation <- block.2.fc2",
            "block.2.multiply <- block.1.2, block.2.scale_activation",
            "block.3.0 <- block.2.multiply",
            "block.3.1 <- block.3.0",
            "add <- features.2.0.block.3.1, block.3.1"),
        nodes("efficientnet_b0", "features.2.1."));
  }

  @Test
  void blocksOfShuffleNet() {
    assertEquals(
        List.of(
            "branch1.0 <- maxpool",
            "branch1.1 <- branch1.0",
            "branch1.2 <- branch1.1",
            "branch1.3 <- branch1.2",
            "branch1.4 <- branch1.3",
            "branch2.0 <- maxpool",
            "branch2.1 <- branch2.0",
            "branch2.2 <- branch2.1",
            "branch2.3 <- branch2.2",
            "branch2.4 <- branch2.3",
            "branch2.5 <- branch2.4",
            "branch2.6 <- branch2.5",
            "branch2.7 <- branch2.6",
            "concat <- branch1.4, branch2.7",
            "shuffle <- concat"),
        nodes("shufflenet_v2", "stage2.0."));
    assertEquals(
        List.of(
            "first_half <- stage2.0.shuffle",
            "second_half <- stage2.0.shuffle",
            "branch2.0 <- second_half",
            "branch2.1 <- branch2.0",
            "branch2.2 <- branch2.1",
            "branch2.3 <- branch2.2",
            "branch2.4 <- branch2.3",
            "branch2.5 <- branch2.4",
            "branch2.6 <- branch2.5",
            "branch2.7 <- branch2.6",
            "concat <- first_half, branch2.7",
            "shuffle <- concat"),
        nodes("shufflenet_v2", "stage2.1."));
  }

  @Test
  void blocksOfXception() {
    assertEquals(
        List.of(
            "sepconv1_act <- block2_add",
            "sepconv1 <- sepconv1_act",
            "sepconv1_bn <- sepconv1",
            "sepconv2_act <- sepconv1_bn",
            "sepconv2 <- sepconv2_act",
            "sepconv2_bn <- sepconv2",
            "pool <- sepconv2_bn",
            "shortcut <- block2_add",
            "shortcut_bn <- shortcut",
            "add <- pool, shortcut_bn"),
        nodes("xception", "block3_"));
    assertEquals("sepconv1 <- block1_conv2_act", nodes("xception", "block2_").getFirst());
    assertEquals("add <- sepconv3_bn, block4_add", nodes("xception", "block5_").getLast());
  }

  @Test
  void blocksOfConvNeXt() {
    assertEquals(
        List.of(
            "block.0 <- features.0.1",
            "block.2.mean <- block.0",
            "block.2.centred <- block.0, block.2.mean",
            "block.2.square <- block.2.centred, block.2.centred",
            "block.2.variance <- block.2.square",
            "block.2.positive <- block.2.variance, epsilon",
            "block.2.deviation <- block.2.positive",
            "block.2.normal <- block.2.centred, block.2.deviation",
            "block.2.scaled <- block.2.normal, block.2.weight",
            "block.2 <- block.2.scaled, block.2.bias",
            "block.3 <- block.2",
            "block.4 <- block.3",
            "block.5 <- block.4",
            "scaled <- block.5, layer_scale",
            "add <- scaled, features.0.1"),
        nodes("convnext_tiny", "features.1.0."));
  }

  @Test
  void layersOfDsCnn() {
    assertEquals(
        List.of("<- activation", "_1 <- activation_2", "_2 <- activation_4", "_3 <- activation_6"),
        nodes("ds_cnn", "depthwise_conv2d").stream().map(String::strip).toList());
    assertEquals(
        List.of(
            "<- input",
            "_1 <- activation_1",
            "_2 <- activation_3",
            "_3 <- activation_5",
            "_4 <- activation_7"),
        nodes("ds_cnn", "conv2d").stream().map(String::strip).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mobilenet_v3_large | features.0.0 | standard 3x3 3->16 stride 2 padding 1,1,1,1",
        "mobilenet_v3_large | features.0.1 | batch norm of 16 channels",
        "mobilenet_v3_large | features.0.2 | hard_swish",
        "mobilenet_v3_large | features.6.block.0.2 | relu",
        "mobilenet_v3_large | features.7.block.0.2 | hard_swish",
        "mobilenet_v3_large | features.13.block.1.0 | depthwise 5x5 672->672 stride 2 padding 2,2,2,2",
        "mobilenet_v3_large | features.13.block.2.activation | relu",
        "mobilenet_v3_large | features.13.block.2.scale_activation | hard_sigmoid",
        "mobilenet_v3_large | classifier.1 | hard_swish",
        "mobilenet_v3_large | classifier.3 | pointwise 1x1 1280->1000 bias",
        "efficientnet_b0 | features.0.2 | silu",
        "efficientnet_b0 | features.3.0.block.1.0 | depthwise 5x5 144->144 stride 2 padding 2,2,2,2",
        "efficientnet_b0 | features.3.0.block.2.activation | silu",
        "efficientnet_b0 | features.3.0.block.2.scale_activation | sigmoid",
        "efficientnet_b0 | classifier.1 | pointwise 1x1 1280->1000 bias",
        "shufflenet_v2 | maxpool | max pool 3x3 stride 2x2",
        "shufflenet_v2 | stage2.1.first_half | slice of channel from 0 to 58 in steps of 1",
        "shufflenet_v2 | stage2.1.second_half | slice of channel from 58 to 116 in steps of 1",
        "shufflenet_v2 | fc | pointwise 1x1 1024->1000 bias",
        "xception | block1_conv1 | standard 3x3 3->32 stride 2",
        "xception | block3_shortcut | pointwise 1x1 128->256 stride 2 padding same",
        "xception | predictions | pointwise 1x1 2048->1000 bias",
        "ds_cnn | conv2d | standard 10x4 1->64 stride 2 padding same bias",
        "ds_cnn | softmax | softmax over channel",
        "convnext_tiny | features.1.0.block.0 | depthwise 7x7 96->96 padding 3,3,3,3 bias",
        "convnext_tiny | features.1.0.block.2.mean | mean over channel",
        "convnext_tiny | features.1.0.block.4 | gelu",
        "convnext_tiny | features.2.1 | standard 2x2 96->192 stride 2 bias",
      })
  void operations(String network, String node, String operation) {
    assertEquals(operation, operation(network, node));
  }

  @Test
  void constantsOfConvNeXt() {
    List<String> first =
        Networks.of("convnext_tiny", 64, 1).constants().stream()
            .limit(6)
            .map(constant -> constant.name() + " " + constant.shape())
            .toList();
    assertEquals(
        List.of(
            "epsilon 1x1x1x1",
            "features.0.1.weight 1x96x1x1",
            "features.0.1.bias 1x96x1x1",
            "features.1.0.layer_scale 1x96x1x1",
            "features.1.0.block.2.weight 1x96x1x1",
            "features.1.0.block.2.bias 1x96x1x1"),
        first);
  }

  /** Rounded to multiples of 8, as torchvision's _make_divisible does: 12 to 16, 18 to 24. */
  @Test
  void widthsAreMultiplesOfEight() {
    Graph narrow = MobileNetV3.large(64, 0.75);
    List<Integer> channels =
        narrow.nodes().stream()
            .filter(node -> node.name().matches("features\\.([0123]\\.0|[123]\\.block\\..\\.0)"))
            .map(node -> ((Conv2d) node.operation()).outChannels())
            .toList();
    // 16; 16 -> 16, 16; 48, 48, 24 (18 would lose more as 16); 56 (54), 56, 24
    assertEquals(List.of(16, 16, 16, 48, 48, 24, 56, 56, 24), channels);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mobilenet_v3_large",
        "mobilenet_v3_small",
        "efficientnet_b0",
        "xception",
        "shufflenet_v2",
        "ds_cnn",
        "convnext_tiny"
      })
  void valuesOutOfRangeAreNamed(String name) {
    for (double width : new double[] {0, -1, Double.NaN}) {
      Expect.refused(() -> Networks.of(name, 64, width), "width multiplier", "" + width);
    }
    Expect.refused(() -> Networks.of(name, 0, 1), "height is 0");
  }

  @Test
  void shuffleNetHasFourWidths() {
    Expect.refused(
        () -> ShuffleNetV2.of(224, 0.75),
        "width multiplier of shufflenet_v2 is 0.75, but must be one of [0.5, 1.0, 1.5, 2.0]");
  }

  /** What is too small for the last convolution is refused by it. */
  @Test
  void sizesThatLeaveNoPixelAreRefused() {
    Expect.refused(() -> ConvNeXt.tiny(31, 1), "features.6.1");
    Expect.refused(() -> Xception.of(6, 1), "block1_conv2");
    assertEquals(1, Xception.of(7, 1).problem().destination().shape().h());
  }
}
