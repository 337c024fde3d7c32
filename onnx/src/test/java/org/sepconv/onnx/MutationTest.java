package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.onnx.model.OnnxException;

/** Whatever is done to the bytes of a model, it is read, or refused with the one exception. */
class MutationTest {
  private static final int ROUNDS = Integer.getInteger("sepconv.onnx.mutations", 1500);

  static List<Graph> graphs() {
    return List.of(RoundTripTest.EVERYTHING, Networks.of("ds_cnn", 49, 0.25));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void changedBytesAreReadOrRefused(Graph graph) {
    byte[] model = OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 1));
    SplittableRandom random = new SplittableRandom(20261128);
    List<List<Integer>> sizes =
        graph.inputs().stream()
            .map(input -> Arrays.stream(Engines.dimensions(input.shape())).boxed().toList())
            .toList();
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] changed = model.clone();
      int flips = 1 + random.nextInt(4);
      for (int i = 0; i < flips; i++) {
        // Most of a model are weights, in which a change is nothing to refuse.
        int place = random.nextInt(changed.length);
        changed[place] =
            random.nextBoolean()
                ? (byte) (changed[place] ^ 1 << random.nextInt(8))
                : (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        changed = Arrays.copyOf(changed, random.nextInt(changed.length));
      }
      refused += isRefused(changed, sizes) ? 1 : 0;
    }
    assertTrue(refused > ROUNDS / 4, "changes were noticed: " + refused);
  }

  private static boolean isRefused(byte[] bytes, List<List<Integer>> sizes) {
    try {
      OnnxModel model = OnnxModel.read(bytes);
      try {
        model.at(sizes);
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
