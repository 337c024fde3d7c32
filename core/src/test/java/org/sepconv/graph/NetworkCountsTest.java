package org.sepconv.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.BatchNormalization;
import org.sepconv.Graph;
import org.sepconv.Shape;
import org.sepconv.cost.Cost;

/** What the networks cost, against the numbers that their sources print. */
class NetworkCountsTest {

  private static Graph usual(String name) {
    return Networks.of(name, Networks.usualSize(name), 1);
  }

  private static Cost cost(Graph network) {
    return Cost.of(network.problem());
  }

  /**
   * Of torchvision {@code num_params} of its weights; of Xception and DS-CNN the trainable ones of
   * Keras. Filters, biases, gammas and betas are in the cost; the weights and biases of ConvNeXt's
   * layer norms and its layer scales are constants of the graph, as is epsilon, which nobody
   * counts.
   */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v3_large, 5483032, 0",
    "mobilenet_v3_small, 2542856, 0",
    "efficientnet_b0, 5288548, 0",
    "xception, 22855952, 0",
    "shufflenet_v2, 2278604, 0",
    "ds_cnn, 23756, 0",
    "convnext_tiny, 28589128, 22944",
  })
  void parameters(String name, long parameters, long constants) {
    Graph network = usual(name);
    long constant =
        network.constants().stream()
            .filter(value -> !value.name().equals("epsilon"))
            .mapToLong(value -> value.shape().elements())
            .sum();
    assertEquals(constants, constant);
    assertEquals(parameters, cost(network).parametersWithBias() + constant);
  }

  /**
   * With the running mean and variance of each channel of a batch norm, which are not trained,
   * Keras prints these totals.
   */
  @ParameterizedTest
  @CsvSource({"xception, 22910480", "ds_cnn, 24908"})
  void parametersWithMovingStatistics(String name, long all) {
    Graph network = usual(name);
    long statistics =
        network.steps(network.problem()).stream()
            .filter(step -> step.node().operation() instanceof BatchNormalization)
            .mapToLong(step -> 2L * step.problem().source().shape().c())
            .sum();
    assertEquals(all, cost(network).parametersWithBias() + statistics);
  }

  /**
   * The exact counts, of convolutions alone; each rounds to the number that is published.
   * torchvision prints 0.217, 0.057, 0.386, 0.145 and 4.456 billion ({@code _ops}); the papers 219
   * M, 56 M, 390 M, 146 M and 4.5 G. For Xception 8.4 G are usual (Zoph et al. 2018 compare with
   * it), and for DS-CNN 5.4 M operations, two a MAC (Zhang et al. 2017).
   */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v3_large, 216589760, 217, 1000000",
    "mobilenet_v3_small, 56510400, 57, 1000000",
    "efficientnet_b0, 385814752, 386, 1000000",
    "xception, 8357403496, 84, 100000000",
    "shufflenet_v2, 144907992, 145, 1000000",
    "ds_cnn, 2656768, 27, 100000",
    "convnext_tiny, 4455531264, 4456, 1000000",
  })
  void macs(String name, long macs, long published, long unit) {
    assertEquals(macs, cost(usual(name)).macs());
    assertEquals(published, Math.round((double) macs / unit));
  }

  /** Rows x columns x products x channels, worked out by hand from the tables of the papers. */
  @ParameterizedTest
  @CsvSource({
    "mobilenet_v3_large, features.0.0, 112*112*27*16",
    "mobilenet_v3_large, features.1.block.0.0, 112*112*9*16",
    "mobilenet_v3_large, features.4.block.1.0, 28*28*25*72",
    "mobilenet_v3_large, features.4.block.2.fc1, 72*24", // 72 / 4 = 18, rounded to 24
    "mobilenet_v3_large, features.4.block.3.0, 28*28*72*40",
    "mobilenet_v3_large, features.16.0, 7*7*160*960",
    "mobilenet_v3_large, classifier.0, 960*1280",
    "mobilenet_v3_large, classifier.3, 1280*1000",
    "mobilenet_v3_small, features.1.block.0.0, 56*56*9*16",
    "mobilenet_v3_small, features.1.block.1.fc1, 16*8",
    "mobilenet_v3_small, features.12.0, 7*7*96*576",
    "mobilenet_v3_small, classifier.0, 576*1024",
    "efficientnet_b0, features.0.0, 112*112*27*32",
    "efficientnet_b0, features.1.0.block.1.fc1, 32*8",
    "efficientnet_b0, features.2.0.block.2.fc1, 96*4", // 16 / 4: of the block's input
    "efficientnet_b0, features.6.3.block.1.0, 7*7*25*1152",
    "efficientnet_b0, features.8.0, 7*7*320*1280",
    "xception, block1_conv2, 147*147*9*32*64",
    "xception, block2_shortcut, 74*74*64*128",
    "xception, block5_sepconv1, 19*19*9*728+19*19*728*728",
    "xception, block14_sepconv2, 10*10*9*1536+10*10*1536*2048",
    "shufflenet_v2, stage2.0.branch1.0, 28*28*9*24",
    "shufflenet_v2, stage2.0.branch1.2, 28*28*24*58",
    "shufflenet_v2, stage2.1.branch2.0, 28*28*58*58",
    "shufflenet_v2, stage4.3.branch2.5, 7*7*232*232",
    "shufflenet_v2, conv5.0, 7*7*464*1024",
    "ds_cnn, conv2d, 25*5*40*64",
    "ds_cnn, depthwise_conv2d_3, 25*5*9*64",
    "ds_cnn, conv2d_4, 25*5*64*64",
    "ds_cnn, dense, 64*12",
    "convnext_tiny, features.0.0, 56*56*48*96",
    "convnext_tiny, features.1.0.block.0, 56*56*49*96",
    "convnext_tiny, features.1.0.block.3, 56*56*96*384",
    "convnext_tiny, features.6.1, 7*7*4*384*768",
    "convnext_tiny, classifier.2, 768*1000",
  })
  void macsOfALayer(String name, String layer, String products) {
    long macs = 0;
    for (String product : products.split("\\+")) {
      long value = 1;
      for (String factor : product.split("\\*")) {
        value *= Long.parseLong(factor);
      }
      macs += value;
    }
    Graph network = usual(name);
    Map<String, Cost> costs = new HashMap<>();
    network
        .steps(network.problem())
        .forEach(step -> costs.put(step.node().name(), Cost.of(step.problem())));
    assertEquals(macs, costs.get(layer).macs(), layer);
  }

  /** Torchvision's numbers; the paper has 41 M, 146 M, 299 M and 591 M MACs. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 1366792, 40476448",
    "1, 2278604, 144907992",
    "1.5, 3503624, 295759392",
    "2, 7393996, 583253464"
  })
  void widthsOfShuffleNetV2(double width, long parameters, long macs) {
    Cost cost = cost(ShuffleNetV2.of(224, width));
    assertEquals(parameters, cost.parametersWithBias());
    assertEquals(macs, cost.macs());
  }

  @Test
  void classesOfAnySize() {
    for (String name : Networks.names()) {
      int classes = name.equals("ds_cnn") ? 12 : 1000;
      for (int size : new int[] {32, 65, Networks.usualSize(name)}) {
        Graph network = Networks.of(name, size, 1);
        assertEquals(Shape.of(classes, 1, 1), network.problem().destination().shape(), name);
      }
      long small = cost(Networks.of(name, 32, 0.5)).macs();
      assertTrue(small < cost(Networks.of(name, 32, 1)).macs(), name);
    }
  }
}
