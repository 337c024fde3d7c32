package org.sepconv.graph;

import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Softmax;

/**
 * Xception (Chollet 2017, figure 5) as Keras defines and names it: separable convolutions without
 * an activation between their stages, batch norms (of epsilon 0.001 there) and activations as nodes
 * of their own, and the shares of 1,000 classes. The shortcuts have no names in Keras; here they
 * are {@code block2_shortcut} and {@code block2_shortcut_bn}.
 */
public final class Xception {

  /** Output channels of the two separable convolutions of each block that halves its image. */
  private static final int[][] ENTRY = {{128, 128}, {256, 256}, {728, 728}};

  private static final int[] EXIT = {728, 1024};
  private static final int[] LAST = {1536, 2048};
  private static final int MIDDLE_BLOCKS = 8;

  private final Graph.Builder network;
  private final double width;
  private int channels;

  private Xception(int size, double width) {
    this.network = Layers.ofImages("xception", size);
    this.width = width;
    this.channels = 3;
  }

  /**
   * Xception.
   *
   * @param size height and width of the 3-channel input, 299 in the paper
   * @param width multiplier of the channel counts, rounded to multiples of 8
   * @throws IllegalArgumentException if a value is not positive, or the size less than 7
   */
  public static Graph of(int size, double width) {
    Widths.require(width);
    return new Xception(size, width).built();
  }

  private Graph built() {
    conv("block1_conv1", 32, 2);
    relu("block1_conv1_act");
    conv("block1_conv2", 64, 1);
    relu("block1_conv2_act");
    int block = 2;
    for (int[] out : ENTRY) {
      halving("block" + block, out, block > 2);
      block++;
    }
    for (int i = 0; i < MIDDLE_BLOCKS; i++) {
      middle("block" + block++);
    }
    halving("block" + block++, EXIT, true);
    for (int i = 1; i <= LAST.length; i++) {
      separable("block%d_sepconv%d".formatted(block, i), LAST[i - 1]);
      relu("block%d_sepconv%d_act".formatted(block, i));
    }
    return network
        .add("avg_pool", Reduce.globalAveragePool())
        .add("predictions", Layers.dense(channels, Layers.CLASSES))
        .add("softmax", new Softmax(Axis.CHANNEL))
        .build();
  }

  /** Two separable convolutions and a maximum pool, beside a pointwise shortcut. */
  private void halving(String block, int[] out, boolean reluFirst) {
    String input = network.last();
    int in = channels;
    if (reluFirst) {
      relu(block + "_sepconv1_act");
    }
    separable(block + "_sepconv1", out[0]);
    relu(block + "_sepconv2_act");
    separable(block + "_sepconv2", out[1]);
    String pool = block + "_pool";
    String shortcut = block + "_shortcut";
    network
        .add(pool, Pool2d.max(3, 2, Padding.same()))
        .add(shortcut, Conv2d.pointwise(in, channels).stride(2).same().build(), input)
        .add(shortcut + "_bn", new BatchNormalization(channels))
        .add(block + "_add", Binary.add(), pool, shortcut + "_bn");
  }

  private void middle(String block) {
    String input = network.last();
    for (int i = 1; i <= 3; i++) {
      relu("%s_sepconv%d_act".formatted(block, i));
      separable("%s_sepconv%d".formatted(block, i), 728);
    }
    network.add(block + "_add", Binary.add(), network.last(), input);
  }

  private void conv(String name, int outChannels, int stride) {
    int out = Widths.channels(outChannels, width);
    network.add(name, Conv2d.of(channels, out).kernel(3).stride(stride).build());
    norm(name, out);
  }

  private void separable(String name, int outChannels) {
    int out = Widths.channels(outChannels, width);
    network.add(name, SeparableConv2d.of(channels, out).same().build());
    norm(name, out);
  }

  private void norm(String name, int out) {
    network.add(name + "_bn", new BatchNormalization(out));
    channels = out;
  }

  private void relu(String name) {
    network.add(name, new Activate(Activation.RELU));
  }
}
