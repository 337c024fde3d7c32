package org.sepconv.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Shape;
import org.sepconv.cost.Cost;

class NetworkTest {
  private static final Shape INPUT = Shape.of(4, 8, 8);
  private static final Conv2d CONV = Conv2d.of(4, 4).kernel(3).same().bias().build();

  @Test
  void aResidualBlock() {
    Network network =
        Network.builder("residual", INPUT)
            .add("a", CONV)
            .add("b", CONV)
            .add("sum", new Add(), "a", "b")
            .add("pool", new GlobalAveragePool())
            .build();
    assertEquals(List.of("a", "b", "sum", "pool"), names(network));
    assertEquals(List.of(Network.INPUT), network.layers().get(0).inputs());
    assertEquals(List.of("a"), network.layers().get(1).inputs());
    assertEquals(List.of("a", "b"), network.layers().get(2).inputs());
    assertEquals(List.of(INPUT, INPUT), network.layers().get(2).inputShapes());
    assertEquals(Shape.of(4, 1, 1), network.output());
  }

  @Test
  void theInputCanBeTakenAnywhere() {
    Network network =
        Network.builder("skip", INPUT)
            .add("a", CONV)
            .add("sum", new Add(), Network.INPUT, "a")
            .build();
    assertEquals(List.of("input", "a"), network.layers().getLast().inputs());
  }

  @Test
  void theCostIsTheSumOfTheLayers() {
    Network network = Network.builder("two", INPUT).add("a", CONV).add("b", CONV).build();
    Cost one = Cost.of(CONV, INPUT);
    assertEquals(one, network.layers().getFirst().cost());
    assertEquals(one.plus(one), network.cost());
  }

  @Test
  void theBuilderKnowsWhereItIs() {
    Network.Builder builder = Network.builder("n", INPUT);
    assertEquals("input", builder.last());
    assertEquals(INPUT, builder.shape());
    builder.add("narrow", Conv2d.pointwise(4, 2).build());
    assertEquals("narrow", builder.last());
    assertEquals(Shape.of(2, 8, 8), builder.shape());
  }

  @Test
  void aBuiltNetworkDoesNotGrow() {
    Network.Builder builder = Network.builder("n", INPUT).add("a", CONV);
    Network network = builder.build();
    builder.add("b", CONV);
    assertEquals(1, network.layers().size());
  }

  @Test
  void layersAreCopied() {
    List<Network.Layer> layers = new ArrayList<>();
    List<String> inputs = new ArrayList<>(List.of("input"));
    List<Shape> shapes = new ArrayList<>(List.of(INPUT));
    layers.add(new Network.Layer("a", CONV, inputs, shapes, INPUT));
    Network network = new Network("n", INPUT, layers);
    layers.clear();
    inputs.clear();
    shapes.clear();
    assertEquals(List.of("input"), network.layers().getFirst().inputs());
    assertEquals(List.of(INPUT), network.layers().getFirst().inputShapes());
  }

  @Test
  void mistakesNameTheLayer() {
    Network.Builder builder = Network.builder("n", INPUT).add("a", CONV);
    Expect.refused(() -> builder.add("a", CONV), "two layers named a");
    Expect.refused(() -> builder.add("input", CONV), "named input");
    Expect.refused(() -> builder.add("b", CONV, "c"), "layer b takes c", "not before it");
    Expect.refused(() -> builder.add("b", CONV, "b"), "layer b takes b");
    Expect.refused(
        () -> builder.add("b", Conv2d.pointwise(5, 5).build()),
        "layer b: ",
        "input has 4 channels",
        "expects 5");
    Expect.refused(() -> builder.add("b", new Add()), "layer b: ", "2 inputs");
    Expect.refused(() -> builder.add("b", CONV, "a", "a"), "layer b: ", "1 input, not 2");
    // What was refused left nothing behind.
    assertEquals(List.of("a"), names(builder.add("c", CONV, "a").build()).subList(0, 1));
    assertEquals("c", builder.last());
  }

  @Test
  void aNetworkHasLayers() {
    Expect.refused(() -> Network.builder("empty", INPUT).build(), "empty", "no layers");
  }

  @Test
  void nullsAreNamed() {
    Network.Builder builder = Network.builder("n", INPUT);
    Expect.nullRefused(() -> Network.builder(null, INPUT), "name");
    Expect.nullRefused(() -> Network.builder("n", null), "input");
    Expect.nullRefused(() -> builder.add(null, CONV), "layer");
    Expect.nullRefused(() -> builder.add("a", null), "operation");
  }

  private static List<String> names(Network network) {
    return network.layers().stream().map(Network.Layer::name).toList();
  }
}
