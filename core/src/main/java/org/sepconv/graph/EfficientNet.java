package org.sepconv.graph;

import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;

/**
 * EfficientNet (Tan and Le 2019) as torchvision defines and names it, with batch norms and
 * activations as nodes of their own, and 1,000 classes.
 */
public final class EfficientNet {

  /** Expansion, kernel, first stride, output channels and repeats of each stage (table 1). */
  private static final int[][] B0_STAGES = {
    {1, 3, 1, 16, 1},
    {6, 3, 2, 24, 2},
    {6, 5, 2, 40, 2},
    {6, 3, 2, 80, 3},
    {6, 5, 1, 112, 3},
    {6, 5, 2, 192, 4},
    {6, 3, 1, 320, 1},
  };

  private EfficientNet() {}

  /**
   * EfficientNet-B0.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph b0(int size, double width) {
    Widths.require(width);
    int channels = Widths.channels(32, width);
    Graph.Builder network = Layers.ofImages("efficientnet_b0", size);
    Layers.convNorm(network, "features.0", Layers.conv(3, channels, 3, 2), Activation.SILU);
    for (int i = 0; i < B0_STAGES.length; i++) {
      int[] stage = B0_STAGES[i];
      int out = Widths.channels(stage[3], width);
      for (int repeat = 0; repeat < stage[4]; repeat++) {
        inverted(
            network,
            "features.%d.%d".formatted(i + 1, repeat),
            channels,
            stage[0],
            stage[1],
            repeat == 0 ? stage[2] : 1,
            out);
        channels = out;
      }
    }
    Layers.convNorm(
        network,
        "features." + (B0_STAGES.length + 1),
        Conv2d.pointwise(channels, 4 * channels).build(),
        Activation.SILU);
    return network
        .add("avgpool", Reduce.globalAveragePool())
        .add("classifier.1", Layers.dense(4 * channels, Layers.CLASSES))
        .build();
  }

  private static void inverted(
      Graph.Builder network,
      String name,
      int channels,
      int expansion,
      int kernel,
      int stride,
      int out) {
    String input = network.last();
    int expanded = channels * expansion;
    String part = name + ".block.";
    int index = 0;
    if (expansion != 1) {
      Layers.convNorm(
          network, part + index++, Conv2d.pointwise(channels, expanded).build(), Activation.SILU);
    }
    Layers.convNorm(
        network, part + index++, Layers.depthwise(expanded, kernel, stride), Activation.SILU);
    Layers.squeezeExcite(
        network, part + index++, expanded, channels / 4, Activation.SILU, Activation.SIGMOID);
    Layers.convNorm(
        network, part + index, Conv2d.pointwise(expanded, out).build(), Activation.NONE);
    if (stride == 1 && channels == out) {
      network.add(name + ".add", Binary.add(), input, network.last());
    }
  }
}
