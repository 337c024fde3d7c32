package org.sepconv.graph;

import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;
import org.sepconv.Shape;

/**
 * ConvNeXt (Liu et al. 2022) as torchvision defines and names it, with 1,000 classes. The weights
 * and biases of its layer norms and the layer scales are constants of the graph, called as in
 * torchvision: {@code features.0.1.weight}, {@code features.1.0.layer_scale}; {@code epsilon} is
 * what all layer norms add to the variance, 1e-6 there.
 *
 * <pre>
 *   a block:  x -&gt; depthwise 7x7 -&gt; layer norm -&gt; dense x4 -&gt; GELU -&gt; dense -&gt; layer scale -&gt; + x
 * </pre>
 */
public final class ConvNeXt {
  private static final int[] TINY_CHANNELS = {96, 192, 384, 768};
  private static final int[] TINY_REPEATS = {3, 3, 9, 3};

  private ConvNeXt() {}

  /**
   * ConvNeXt-T.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8
   * @throws IllegalArgumentException if a value is not positive, or the size less than 32, where no
   *     pixel would be left
   */
  public static Graph tiny(int size, double width) {
    Widths.require(width);
    Graph.Builder network = Layers.withEpsilon(Layers.ofImages("convnext_tiny", size));
    int channels = 3;
    for (int stage = 0; stage < TINY_CHANNELS.length; stage++) {
      int out = Widths.channels(TINY_CHANNELS[stage], width);
      String patches = "features." + 2 * stage;
      if (stage == 0) {
        network.add(patches + ".0", patches(channels, out, 4));
        Layers.layerNorm(network, patches + ".1", out);
      } else {
        Layers.layerNorm(network, patches + ".0", channels);
        network.add(patches + ".1", patches(channels, out, 2));
      }
      channels = out;
      for (int block = 0; block < TINY_REPEATS[stage]; block++) {
        block(network, "features.%d.%d".formatted(2 * stage + 1, block), channels);
      }
    }
    network.add("avgpool", Reduce.globalAveragePool());
    Layers.layerNorm(network, "classifier.0", channels);
    return network.add("classifier.2", Layers.dense(channels, Layers.CLASSES)).build();
  }

  /** A convolution of patches that do not overlap. */
  private static Conv2d patches(int in, int out, int patch) {
    return Conv2d.of(in, out).kernel(patch).stride(patch).bias().build();
  }

  private static void block(Graph.Builder network, String name, int channels) {
    String input = network.last();
    String scale = name + ".layer_scale";
    network
        .constant(scale, Shape.of(channels, 1, 1))
        .add(name + ".block.0", Layers.depthwise(channels, 7, 1).withBias(true));
    Layers.layerNorm(network, name + ".block.2", channels);
    network
        .add(name + ".block.3", Layers.dense(channels, 4 * channels))
        .add(name + ".block.4", new Activate(Activation.GELU))
        .add(name + ".block.5", Layers.dense(4 * channels, channels))
        .add(name + ".scaled", Binary.multiply(), name + ".block.5", scale)
        .add(name + ".add", Binary.add(), name + ".scaled", input);
  }
}
