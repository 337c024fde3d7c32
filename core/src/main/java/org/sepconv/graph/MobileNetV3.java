package org.sepconv.graph;

import java.util.List;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;

/**
 * MobileNetV3 (Howard et al. 2019, tables 1 and 2) as torchvision defines and names it, with batch
 * norms (of epsilon 0.001 there) and activations as nodes of their own, and 1,000 classes.
 */
public final class MobileNetV3 {

  /** A row of the tables. */
  private record Block(
      int kernel, int expanded, int out, boolean squeezes, Activation activation, int stride) {

    static Block relu(int kernel, int expanded, int out, boolean squeezes, int stride) {
      return new Block(kernel, expanded, out, squeezes, Activation.RELU, stride);
    }

    static Block hardSwish(int kernel, int expanded, int out, boolean squeezes, int stride) {
      return new Block(kernel, expanded, out, squeezes, Activation.HARD_SWISH, stride);
    }
  }

  private static final List<Block> LARGE =
      List.of(
          Block.relu(3, 16, 16, false, 1),
          Block.relu(3, 64, 24, false, 2),
          Block.relu(3, 72, 24, false, 1),
          Block.relu(5, 72, 40, true, 2),
          Block.relu(5, 120, 40, true, 1),
          Block.relu(5, 120, 40, true, 1),
          Block.hardSwish(3, 240, 80, false, 2),
          Block.hardSwish(3, 200, 80, false, 1),
          Block.hardSwish(3, 184, 80, false, 1),
          Block.hardSwish(3, 184, 80, false, 1),
          Block.hardSwish(3, 480, 112, true, 1),
          Block.hardSwish(3, 672, 112, true, 1),
          Block.hardSwish(5, 672, 160, true, 2),
          Block.hardSwish(5, 960, 160, true, 1),
          Block.hardSwish(5, 960, 160, true, 1));

  private static final List<Block> SMALL =
      List.of(
          Block.relu(3, 16, 16, true, 2),
          Block.relu(3, 72, 24, false, 2),
          Block.relu(3, 88, 24, false, 1),
          Block.hardSwish(5, 96, 40, true, 2),
          Block.hardSwish(5, 240, 40, true, 1),
          Block.hardSwish(5, 240, 40, true, 1),
          Block.hardSwish(5, 120, 48, true, 1),
          Block.hardSwish(5, 144, 48, true, 1),
          Block.hardSwish(5, 288, 96, true, 2),
          Block.hardSwish(5, 576, 96, true, 1),
          Block.hardSwish(5, 576, 96, true, 1));

  private MobileNetV3() {}

  /**
   * MobileNetV3-Large.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph large(int size, double width) {
    return network("mobilenet_v3_large", LARGE, 1280, size, width);
  }

  /**
   * MobileNetV3-Small.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph small(int size, double width) {
    return network("mobilenet_v3_small", SMALL, 1024, size, width);
  }

  private static Graph network(
      String name, List<Block> blocks, int hidden, int size, double width) {
    Widths.require(width);
    int channels = Widths.channels(16, width);
    Graph.Builder network = Layers.ofImages(name, size);
    Layers.convNorm(network, "features.0", Layers.conv(3, channels, 3, 2), Activation.HARD_SWISH);
    for (int i = 0; i < blocks.size(); i++) {
      channels = bottleneck(network, "features." + (i + 1), channels, blocks.get(i), width);
    }
    int last = 6 * channels;
    Layers.convNorm(
        network,
        "features." + (blocks.size() + 1),
        Conv2d.pointwise(channels, last).build(),
        Activation.HARD_SWISH);
    int dense = Widths.channels(hidden, width);
    return network
        .add("avgpool", Reduce.globalAveragePool())
        .add("classifier.0", Layers.dense(last, dense))
        .add("classifier.1", new Activate(Activation.HARD_SWISH))
        .add("classifier.3", Layers.dense(dense, Layers.CLASSES))
        .build();
  }

  /** An inverted residual; gives its output channels. */
  private static int bottleneck(
      Graph.Builder network, String name, int channels, Block block, double width) {
    String input = network.last();
    int expanded = Widths.channels(block.expanded, width);
    int out = Widths.channels(block.out, width);
    String part = name + ".block.";
    int index = 0;
    if (expanded != channels) {
      Layers.convNorm(
          network, part + index++, Conv2d.pointwise(channels, expanded).build(), block.activation);
    }
    Layers.convNorm(
        network,
        part + index++,
        Layers.depthwise(expanded, block.kernel, block.stride),
        block.activation);
    if (block.squeezes) {
      int quarter = expanded / 4;
      Layers.squeezeExcite(
          network,
          part + index++,
          expanded,
          Widths.channels(quarter, 1),
          Activation.RELU,
          Activation.HARD_SIGMOID);
    }
    Layers.convNorm(
        network, part + index, Conv2d.pointwise(expanded, out).build(), Activation.NONE);
    if (block.stride == 1 && channels == out) {
      network.add(name + ".add", Binary.add(), input, network.last());
    }
    return out;
  }
}
