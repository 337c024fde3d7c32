package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.conformance.file.Mutations;
import org.sepconv.graph.Networks;
import org.sepconv.onnx.model.OnnxException;

/** Whatever is done to the bytes of a model, it is read, or refused with the one exception. */
class MutationTest {
  private static final int ROUNDS = Integer.getInteger("sepconv.onnx.mutations", 1500);

  static List<Arguments> models() {
    return List.of(
        written(RoundTripTest.EVERYTHING),
        written(Networks.of("ds_cnn", 49, 0.25)),
        Arguments.of("shapes", shapes().bytes(), List.of(List.of(2, 4, 6, 5))));
  }

  private static Arguments written(Graph graph) {
    return Arguments.of(
        graph.name(),
        OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 1)),
        graph.inputs().stream()
            .map(input -> Arrays.stream(Engines.dimensions(input.shape())).boxed().toList())
            .toList());
  }

  /** Little but arithmetic on shapes, and what it decides. */
  private static ModelBuilder shapes() {
    return new ModelBuilder(13)
        .input("x", -1, 4, -1, -1)
        .integers("from", 2)
        .integers("to", 4)
        .integers("two", 2)
        .integers("pads", 0, 0, 1, 2, 0, 1, 0, 1)
        .integers("repeats", 1, 2, 1, 3)
        .integers("rest", -1)
        .integers("wide", 2, 1, 1)
        .number("value", 0.5)
        .node("Shape", "x", "s")
        .node("Slice", "s from to", "hw")
        .node("Mul", "hw two", "twice")
        .node("Div", "twice two", "once")
        .node("ConstantOfShape", "once", "zeros")
        .node("Add", "x zeros", "a")
        .node("Pad", "a pads value", "b")
        .node("Tile", "b repeats", "c")
        .node("Range", "value value value", "none")
        .node("Gather", "s two", "height", ModelBuilder.integer("axis", 0))
        .node("Concat", "rest height", "flat", ModelBuilder.integer("axis", 0))
        .node("Reshape", "a flat", "d")
        .node("Transpose", "d", "e", ModelBuilder.ints("perm", 1, 0))
        .node("ReduceProd", "s", "product", ModelBuilder.integer("keepdims", 1))
        .node("Reshape", "a product", "g")
        .node("Expand", "e wide", "f")
        .output("c")
        .output("e")
        .output("f")
        .output("g");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void changedBytesAreReadOrRefused(String name, byte[] model, List<List<Integer>> sizes) {
    assertFalse(isRefused(model, sizes));
    Mutations mutations = new Mutations(20261128);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] changed = mutations.of(model);
      refused += isRefused(changed, sizes) ? 1 : 0;
    }
    assertTrue(refused > ROUNDS / 4, name + ": changes were noticed: " + refused);
  }

  private static boolean isRefused(byte[] bytes, List<List<Integer>> sizes) {
    try {
      OnnxModel model = OnnxModel.read(bytes);
      try {
        model.network(sizes);
      } catch (IllegalArgumentException wrong) {
        // Such inputs are not what the model takes now: the caller's fault, as always.
        assertTrue(wrong.getMessage().startsWith("the model takes"), wrong.getMessage());
      }
      return false;
    } catch (OnnxException expected) {
      return true;
    }
  }
}
