package org.sepconv.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.Graph;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.cost.Cost;

class MobileNetTest {

  private static Cost cost(Graph network) {
    return Cost.of(network.problem());
  }

  private static List<Graph.Step> steps(Graph network) {
    return network.steps(network.problem());
  }

  private static Shape output(Graph network) {
    return network.problem().destination().shape();
  }

  @ParameterizedTest(name = "MobileNetV1 at {0}: {1} MACs")
  @CsvSource({"224, 568740352", "192, 418121728", "160, 290675200", "128, 186400768"})
  void v1Macs(int size, long macs) {
    assertEquals(macs, cost(MobileNet.v1(size, 1)).macs());
  }

  @Test
  void v1Parts() {
    Graph network = MobileNet.v1(224, 1);
    Cost first = Cost.of(steps(network).getFirst().problem());
    Cost classifier = Cost.of(steps(network).getLast().problem());
    assertEquals(10_838_016, first.macs());
    assertEquals(864, first.filterParameters());
    assertEquals(1_024_000, classifier.macs());
    assertEquals(1_024_000, classifier.filterParameters());
    assertEquals(539_492_352, stages(network, false, Cost::macs));
    assertEquals(17_385_984, stages(network, true, Cost::macs));
    assertEquals(3_139_584, stages(network, false, Cost::filterParameters));
    assertEquals(44_640, stages(network, true, Cost::filterParameters));
    assertEquals(4_209_088, cost(network).filterParameters());
    // One bias for each of the channels that batch norm had, and the classifier's.
    assertEquals(10_944 + 1000, cost(network).biasParameters());
    assertEquals(Shape.of(1000, 1, 1), output(network));
  }

  /** The sum over the depthwise, or over the pointwise stages of all separable blocks. */
  private static long stages(Graph network, boolean depthwise, ToLongFunction<Cost> count) {
    long sum = 0;
    for (Graph.Step step : steps(network)) {
      if (step.node().operation() instanceof SeparableConv2d block) {
        Shape input = step.problem().source().shape();
        Conv2d stage = depthwise ? block.depthwise() : block.pointwise();
        sum +=
            count.applyAsLong(
                Cost.of(stage, depthwise ? input : block.depthwise().outputShape(input)));
      }
    }
    return sum;
  }

  @Test
  void v2Golden() {
    Graph network = MobileNet.v2(224, 1);
    assertEquals(300_774_272, cost(network).macs());
    assertEquals(3_469_760, cost(network).filterParameters());
    assertEquals(3_504_872, cost(network).parametersWithBias()); // as torchvision counts
    assertEquals(Shape.of(1000, 1, 1), output(network));
    // The blocks whose input and output agree have a residual connection.
    assertEquals(
        10, network.nodes().stream().filter(node -> node.operation() instanceof Binary).count());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.5, 0.75, 1, 1.4})
  void v1WidthsByTheFormulas(double width) {
    // Howard et al. 2017, table 1: channels of the thirteen blocks, * where the stride is 2.
    int[] channels = {32, 64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
    boolean[] halves = {
      false, true, false, true, false, true, false, false, false, false, false, true, false
    };
    long[] c = new long[channels.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = (long) Math.floor(width * channels[i]);
    }
    for (int input : new int[] {224, 128}) {
      long size = input / 2;
      long macs = size * size * 27 * c[0];
      long parameters = 27 * c[0];
      for (int block = 0; block < halves.length; block++) {
        size = halves[block] ? size / 2 : size;
        macs += size * size * (9 * c[block] + c[block] * c[block + 1]);
        parameters += 9 * c[block] + c[block] * c[block + 1];
      }
      macs += c[13] * 1000;
      parameters += c[13] * 1000;
      Cost cost = cost(MobileNet.v1(input, width));
      assertEquals(macs, cost.macs());
      assertEquals(parameters, cost.filterParameters());
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Channels rounded to multiples of 8 by hand: 32, 16, 24, 32, 64, 96, 160, 320, 1280.
    "0.25, 8, 8, 8, 8, 16, 24, 40, 80, 1280",
    "0.5, 16, 8, 16, 16, 32, 48, 80, 160, 1280", // 12 -> 16: 8 would lose a third
    "0.75, 24, 16, 24, 24, 48, 72, 120, 240, 1280", // 12 -> 16, 18 -> 24: 16 loses 11 %
    "1, 32, 16, 24, 32, 64, 96, 160, 320, 1280",
    "1.4, 48, 24, 32, 48, 88, 136, 224, 448, 1792", // 44.8, 22.4, 33.6, 44.8, 89.6, 134.4, ...
  })
  void v2WidthsByTheFormulas(
      double width,
      long c0,
      long c1,
      long c2,
      long c3,
      long c4,
      long c5,
      long c6,
      long c7,
      long last) {
    long[] out = {c1, c2, c3, c4, c5, c6, c7};
    int[] expansion = {1, 6, 6, 6, 6, 6, 6};
    int[] repeats = {1, 2, 3, 4, 3, 3, 1};
    int[] stride = {1, 2, 2, 2, 1, 2, 1};
    long size = 112;
    long in = c0;
    long macs = size * size * 27 * c0;
    long parameters = 27 * c0;
    for (int stage = 0; stage < 7; stage++) {
      for (int repeat = 0; repeat < repeats[stage]; repeat++) {
        long wide = in * expansion[stage];
        if (expansion[stage] > 1) {
          macs += size * size * in * wide;
          parameters += in * wide;
        }
        size = repeat == 0 ? size / stride[stage] : size;
        macs += size * size * (9 * wide + wide * out[stage]);
        parameters += 9 * wide + wide * out[stage];
        in = out[stage];
      }
    }
    macs += size * size * in * last + last * 1000;
    parameters += in * last + last * 1000;
    Cost cost = cost(MobileNet.v2(224, width));
    assertEquals(macs, cost.macs());
    assertEquals(parameters, cost.filterParameters());
  }

  @Test
  void channelsAreAtLeastEight() {
    Conv2d first = (Conv2d) MobileNet.v1(32, 0.01).nodes().getFirst().operation();
    assertEquals(8, first.outChannels());
    first = (Conv2d) MobileNet.v2(32, 0.01).nodes().getFirst().operation();
    assertEquals(8, first.outChannels());
  }

  @Test
  void anySizeFromOnePixel() {
    assertEquals(Shape.of(1000, 1, 1), output(MobileNet.v1(1, 1)));
    assertEquals(Shape.of(1000, 1, 1), output(MobileNet.v2(225, 1)));
    assertTrue(cost(MobileNet.v1(225, 1)).macs() > cost(MobileNet.v1(224, 1)).macs());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 65, Double.NaN, Double.POSITIVE_INFINITY})
  void widthsOutOfRangeAreNamed(double width) {
    Expect.refused(() -> MobileNet.v1(224, width), "width multiplier is " + width);
    Expect.refused(() -> MobileNet.v2(224, width), "width multiplier is " + width);
  }

  @Test
  void sizesOutOfRangeAreNamed() {
    Expect.refused(() -> MobileNet.v1(0, 1), "height is 0");
    Expect.refused(() -> MobileNet.v2(-3, 1), "height is -3");
    Expect.refused(() -> MobileNet.v1(100_000, 1), "30000000000");
  }
}
