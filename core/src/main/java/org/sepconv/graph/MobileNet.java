package org.sepconv.graph;

import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * The two networks that made depthwise-separable convolution known, as descriptions with batch norm
 * folded (every convolution has a bias) and 1,000 classes.
 */
public final class MobileNet {
  private static final int CLASSES = 1000;

  /** Output channels and stride of each separable block of V1. */
  private static final int[][] V1_BLOCKS = {
    {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {1024, 2}, {1024, 1},
  };

  /** Expansion, output channels, repeats and first stride of each stage of V2. */
  private static final int[][] V2_STAGES = {
    {1, 16, 1, 1},
    {6, 24, 2, 2},
    {6, 32, 3, 2},
    {6, 64, 4, 2},
    {6, 96, 3, 1},
    {6, 160, 3, 2},
    {6, 320, 1, 1},
  };

  private MobileNet() {}

  /**
   * MobileNetV1 (Howard et al. 2017, table 1).
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of all channel counts, rounded down, at least 8
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph v1(int size, double width) {
    requireWidth(width);
    int channels = v1Channels(32, width);
    Graph.Builder network =
        Graph.builder("mobilenet_v1")
            .input("input", Shape.of(3, size, size))
            .add("conv", Conv2d.of(3, channels).kernel(3).stride(2).same().bias().relu6().build());
    for (int i = 0; i < V1_BLOCKS.length; i++) {
      int out = v1Channels(V1_BLOCKS[i][0], width);
      network.add(
          "block" + (i + 1),
          SeparableConv2d.of(channels, out).stride(V1_BLOCKS[i][1]).same().bias().relu6().build());
      channels = out;
    }
    return withClassifier(network, channels);
  }

  /**
   * MobileNetV2 (Sandler et al. 2018, table 2). The depthwise and the linear projection of each
   * inverted residual are one separable convolution.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8; it widens the last
   *     1,280 channels, but does not narrow them
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph v2(int size, double width) {
    requireWidth(width);
    int channels = v2Channels(32, width);
    Graph.Builder network =
        Graph.builder("mobilenet_v2")
            .input("input", Shape.of(3, size, size))
            .add("conv", Conv2d.of(3, channels).kernel(3).stride(2).same().bias().relu6().build());
    int block = 0;
    for (int[] stage : V2_STAGES) {
      int out = v2Channels(stage[1], width);
      for (int repeat = 0; repeat < stage[2]; repeat++) {
        block++;
        invertedResidual(
            network, "block" + block, channels, stage[0], out, repeat == 0 ? stage[3] : 1);
        channels = out;
      }
    }
    int last = v2Channels(1280, Math.max(1, width));
    network.add("head", Conv2d.pointwise(channels, last).bias().relu6().build());
    return withClassifier(network, last);
  }

  private static void invertedResidual(
      Graph.Builder network, String name, int channels, int expansion, int out, int stride) {
    String input = network.last();
    int expanded = channels * expansion;
    if (expansion != 1) {
      network.add(name + ".expand", Conv2d.pointwise(channels, expanded).bias().relu6().build());
    }
    network.add(
        name + ".separable",
        SeparableConv2d.of(expanded, out)
            .stride(stride)
            .same()
            .bias()
            .activation(Activation.RELU6, Activation.NONE)
            .build());
    if (stride == 1 && channels == out) {
      network.add(name + ".add", Binary.add(), input, network.last());
    }
  }

  private static Graph withClassifier(Graph.Builder network, int channels) {
    return network
        .add("pool", Reduce.globalAveragePool())
        .add("classifier", Conv2d.pointwise(channels, CLASSES).bias().build())
        .build();
  }

  private static int v1Channels(int channels, double width) {
    return Math.max(8, (int) (channels * width));
  }

  /** The paper's make_divisible: the nearest multiple of 8 that loses no more than 10 %. */
  private static int v2Channels(int channels, double width) {
    double exact = channels * width;
    int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
    return rounded < 0.9 * exact ? rounded + 8 : rounded;
  }

  private static void requireWidth(double width) {
    if (!(width > 0 && width <= 64)) {
      throw new IllegalArgumentException("width multiplier is " + width + ", not in (0, 64]");
    }
  }
}
