package org.sepconv.graph;

import java.util.Set;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.SquareRoot;

/**
 * The parts that networks share, each operation as a node of its own. They are called as
 * torchvision calls them, so that its weights are found by name: {@code features.0.0} is the
 * convolution whose filter is {@code features.0.0.weight}. Nodes without weights have names beside
 * these.
 */
final class Layers {

  /** Of ImageNet. */
  static final int CLASSES = 1000;

  /** The constant that layer norms add to the variance. */
  private static final String EPSILON = "epsilon";

  private static final Reduce CHANNEL_MEAN = new Reduce(Reduce.Function.MEAN, Set.of(Axis.CHANNEL));

  private Layers() {}

  /** A network of square images of three colours. */
  static Graph.Builder ofImages(String name, int size) {
    return Graph.builder(name).input("input", Shape.of(3, size, size));
  }

  /** A convolution of a square kernel, padded by half of it on all sides, without a bias. */
  static Conv2d conv(int in, int out, int kernel, int stride) {
    return Conv2d.of(in, out).kernel(kernel).stride(stride).padding(kernel / 2).build();
  }

  /** The same of each channel on its own. */
  static Conv2d depthwise(int channels, int kernel, int stride) {
    return Conv2d.depthwise(channels).kernel(kernel).stride(stride).padding(kernel / 2).build();
  }

  /** {@code name.0} convolves, {@code name.1} normalises; {@code name.2} activates, if it does. */
  static void convNorm(Graph.Builder network, String name, Conv2d conv, Activation activation) {
    network.add(name + ".0", conv).add(name + ".1", new BatchNormalization(conv.outChannels()));
    if (!activation.equals(Activation.NONE)) {
      network.add(name + ".2", new Activate(activation));
    }
  }

  /**
   * Squeeze-and-excitation (Hu et al. 2018): each channel is scaled by what two dense layers make
   * of the means of all.
   *
   * @param gate gives the scale
   */
  static void squeezeExcite(
      Graph.Builder network,
      String name,
      int channels,
      int squeezed,
      Activation activation,
      Activation gate) {
    String input = network.last();
    network
        .add(name + ".avgpool", Reduce.globalAveragePool())
        .add(name + ".fc1", dense(channels, squeezed))
        .add(name + ".activation", new Activate(activation))
        .add(name + ".fc2", dense(squeezed, channels))
        .add(name + ".scale_activation", new Activate(gate))
        .add(name + ".multiply", Binary.multiply(), input, network.last());
  }

  /** A dense layer, as a pointwise convolution: on 1 x 1, or of each pixel. */
  static Conv2d dense(int in, int out) {
    return Conv2d.pointwise(in, out).bias().build();
  }

  /**
   * Layer norm over the channels of each pixel, {@code (x - mean) / sqrt(variance + epsilon) *
   * weight + bias}; weight and bias are the constants {@code name.weight} and {@code name.bias}.
   * The network {@linkplain #withEpsilon has the epsilon}.
   */
  static void layerNorm(Graph.Builder network, String name, int channels) {
    String input = network.last();
    String centred = name + ".centred";
    String weight = name + ".weight";
    String bias = name + ".bias";
    network
        .constant(weight, Shape.of(channels, 1, 1))
        .constant(bias, Shape.of(channels, 1, 1))
        .add(name + ".mean", CHANNEL_MEAN)
        .add(centred, new Binary(Binary.Function.SUBTRACT), input, name + ".mean")
        .add(name + ".square", Binary.multiply(), centred, centred)
        .add(name + ".variance", CHANNEL_MEAN)
        .add(name + ".positive", Binary.add(), name + ".variance", EPSILON)
        .add(name + ".deviation", new SquareRoot())
        .add(name + ".normal", new Binary(Binary.Function.DIVIDE), centred, name + ".deviation")
        .add(name + ".scaled", Binary.multiply(), name + ".normal", weight)
        .add(name, Binary.add(), name + ".scaled", bias);
  }

  /** Adds the constant that all layer norms of a network share. */
  static Graph.Builder withEpsilon(Graph.Builder network) {
    return network.constant(EPSILON, Shape.of(1, 1, 1));
  }
}
