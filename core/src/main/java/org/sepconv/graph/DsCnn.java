package org.sepconv.graph;

import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.Softmax;

/**
 * DS-CNN, which spots spoken keywords (Zhang et al. 2017, Hello Edge), in the size that MLPerf Tiny
 * measures: a convolution of 10 x 4 and stride 2, four depthwise and pointwise convolutions of 64
 * channels, and the shares of 12 classes. Its convolutions have biases there, as well as batch
 * norms (of epsilon 0.001) behind them. Nodes are called as the layers of Keras are without a name:
 * {@code conv2d_1}, {@code batch_normalization_2}.
 */
public final class DsCnn {
  private static final int CLASSES = 12;
  private static final int COEFFICIENTS = 10;
  private static final int CHANNELS = 64;
  private static final int BLOCKS = 4;

  private DsCnn() {}

  /**
   * DS-CNN.
   *
   * @param frames height of the input, 49 for a second of sound; it is 10 wide, the coefficients of
   *     each frame (MFCC)
   * @param width multiplier of the 64 channels, rounded to a multiple of 8
   * @throws IllegalArgumentException if a value is not positive
   */
  public static Graph of(int frames, double width) {
    Widths.require(width);
    int channels = Widths.channels(CHANNELS, width);
    Graph.Builder network =
        Graph.builder("ds_cnn").input("input", Shape.of(1, frames, COEFFICIENTS));
    Conv2d first = Conv2d.of(1, channels).kernel(10, 4).stride(2).same().bias().build();
    Conv2d depthwise = Conv2d.depthwise(channels).kernel(3).same().bias().build();
    normalised(network, numbered("conv2d", 0), first, 0);
    for (int block = 0; block < BLOCKS; block++) {
      normalised(network, numbered("depthwise_conv2d", block), depthwise, 2 * block + 1);
      normalised(
          network, numbered("conv2d", block + 1), Layers.dense(channels, channels), 2 * block + 2);
    }
    return network
        .add("average_pooling2d", Reduce.globalAveragePool())
        .add("dense", Layers.dense(channels, CLASSES))
        .add("softmax", new Softmax(Axis.CHANNEL))
        .build();
  }

  private static void normalised(Graph.Builder network, String name, Conv2d conv, int number) {
    network
        .add(name, conv)
        .add(numbered("batch_normalization", number), new BatchNormalization(conv.outChannels()))
        .add(numbered("activation", number), new Activate(Activation.RELU));
  }

  /** As Keras numbers layers: the first of a kind has none. */
  private static String numbered(String kind, int number) {
    return number == 0 ? kind : kind + "_" + number;
  }
}
