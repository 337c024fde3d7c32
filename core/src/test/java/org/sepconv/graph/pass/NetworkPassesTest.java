package org.sepconv.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.BatchNormalization;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.reference.Reference;

/** The passes on whole networks, of half their width. */
class NetworkPassesTest {

  static Stream<String> names() {
    return Networks.names().stream();
  }

  private static Program smaller(Graph network, GraphWeights weights) {
    return Passes.run(new Program(network, weights), network.problem(), _ -> true).program();
  }

  /** All batch norms of all networks stand behind a convolution. */
  @ParameterizedTest
  @MethodSource("names")
  void noBatchNormIsLeft(String name) {
    Graph network = Networks.of(name, 32, 0.5);
    Graph smaller = smaller(network, (GraphWeights) Weights.random(network, 1)).graph();
    assertTrue(
        smaller.nodes().stream().noneMatch(node -> node.operation() instanceof BatchNormalization));
    assertTrue(smaller.nodes().size() <= network.nodes().size());
    assertEquals(network.outputs(), smaller.outputs());
  }

  /** Weights are rounded once more where they fold: as much as a few roundings in each layer. */
  @ParameterizedTest
  @ValueSource(strings = {"mobilenet_v3_small", "efficientnet_b0", "shufflenet_v2", "ds_cnn"})
  void whatComesOutIsTheSame(String name) {
    Graph network = Networks.of(name, 32, 0.5);
    GraphWeights weights = (GraphWeights) Weights.random(network, 1);
    Program smaller = smaller(network, weights);
    Problem before = network.problem();
    float[] image = new float[before.source().shape().elements()];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < image.length; i++) {
      image[i] = 2 * random.nextFloat() - 1;
    }
    Problem after = new Problem(smaller.graph(), before.inputs(), before.outputs());
    double[] expected = Reference.runGraph(before, weights, image).getFirst().values();
    double[] actual = Reference.runGraph(after, smaller.weights(), image).getFirst().values();
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5 * largest, "value " + i);
    }
  }
}
