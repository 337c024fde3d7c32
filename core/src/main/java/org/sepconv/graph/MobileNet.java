package org.sepconv.graph;

import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * The two networks that made depthwise-separable convolution known, of 1,000 classes. V1 is
 * described in separable convolutions, with batch norm folded: every one has a bias.
 */
public final class MobileNet {
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
    Widths.require(width);
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
    return network
        .add("pool", Reduce.globalAveragePool())
        .add("classifier", Conv2d.pointwise(channels, Layers.CLASSES).bias().build())
        .build();
  }

  /**
   * MobileNetV2 (Sandler et al. 2018, table 2), with torchvision's names and padding.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8; it widens the last
   *     1,280 channels, but does not narrow them
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph v2(int size, double width) {
    Widths.require(width);
    int channels = Widths.channels(32, width);
    Graph.Builder network = Layers.ofImages("mobilenet_v2", size);
    Layers.convNorm(network, "features.0", Layers.conv(3, channels, 3, 2), Activation.RELU6);
    int block = 0;
    for (int[] stage : V2_STAGES) {
      int out = Widths.channels(stage[1], width);
      for (int repeat = 0; repeat < stage[2]; repeat++) {
        block++;
        invertedResidual(
            network, "features." + block, channels, stage[0], out, repeat == 0 ? stage[3] : 1);
        channels = out;
      }
    }
    int last = Widths.channels(1280, Math.max(1, width));
    Layers.convNorm(
        network,
        "features." + (block + 1),
        Conv2d.pointwise(channels, last).build(),
        Activation.RELU6);
    return network
        .add("avgpool", Reduce.globalAveragePool())
        .add("classifier.1", Layers.dense(last, Layers.CLASSES))
        .build();
  }

  private static void invertedResidual(
      Graph.Builder network, String name, int channels, int expansion, int out, int stride) {
    String input = network.last();
    int expanded = channels * expansion;
    String part = name + ".conv.";
    int index = 0;
    if (expansion != 1) {
      Layers.convNorm(
          network, part + index++, Conv2d.pointwise(channels, expanded).build(), Activation.RELU6);
    }
    Layers.convNorm(
        network, part + index++, Layers.depthwise(expanded, 3, stride), Activation.RELU6);
    network
        .add(part + index++, Conv2d.pointwise(expanded, out).build())
        .add(part + index, new BatchNormalization(out));
    if (stride == 1 && channels == out) {
      network.add(name + ".add", Binary.add(), input, network.last());
    }
  }

  private static int v1Channels(int channels, double width) {
    return Math.max(8, (int) (channels * width));
  }
}
