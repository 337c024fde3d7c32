package org.sepconv.graph;

import java.util.List;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Reduce;
import org.sepconv.Slice;

/**
 * ShuffleNetV2 (Ma et al. 2018, table 5) as torchvision defines and names it, with batch norms and
 * activations as nodes of their own, and 1,000 classes.
 *
 * <pre>
 *   a block:            x -&gt; first half  ---------------------------------&gt; concat -&gt; shuffle
 *                       x -&gt; second half -&gt; pointwise, depthwise, pointwise -^
 *   of stride 2:        x -&gt; depthwise, pointwise ------------------------&gt; concat -&gt; shuffle
 *                       x -&gt; pointwise, depthwise, pointwise ----------------^
 * </pre>
 */
public final class ShuffleNetV2 {

  /** A width and its channels: of the three stages, and of the last convolution. */
  private record Width(double multiplier, int[] stages, int last) {}

  private static final List<Width> WIDTHS =
      List.of(
          new Width(0.5, new int[] {48, 96, 192}, 1024),
          new Width(1, new int[] {116, 232, 464}, 1024),
          new Width(1.5, new int[] {176, 352, 704}, 1024),
          new Width(2, new int[] {244, 488, 976}, 2048));

  private static final int[] REPEATS = {4, 8, 4};

  private ShuffleNetV2() {}

  /**
   * ShuffleNetV2.
   *
   * @param size height and width of the 3-channel input, 224 in the paper
   * @param width 0.5, 1, 1.5 or 2
   * @throws IllegalArgumentException if the size is not positive or the width another
   */
  public static Graph of(int size, double width) {
    Width channels =
        WIDTHS.stream()
            .filter(known -> known.multiplier == width)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "width multiplier of shufflenet_v2 is %s, but must be one of %s"
                            .formatted(width, WIDTHS.stream().map(Width::multiplier).toList())));
    int in = 24;
    Graph.Builder network = Layers.ofImages("shufflenet_v2", size);
    Layers.convNorm(network, "conv1", Layers.conv(3, in, 3, 2), Activation.RELU);
    network.add("maxpool", Pool2d.max(3, 2, Padding.of(1)));
    for (int stage = 0; stage < REPEATS.length; stage++) {
      int out = channels.stages[stage];
      for (int i = 0; i < REPEATS[stage]; i++) {
        String name = "stage%d.%d".formatted(stage + 2, i);
        if (i == 0) {
          halving(network, name, in, out);
        } else {
          block(network, name, out);
        }
      }
      in = out;
    }
    Layers.convNorm(network, "conv5", Conv2d.pointwise(in, channels.last).build(), Activation.RELU);
    return network
        .add("mean", Reduce.globalAveragePool())
        .add("fc", Layers.dense(channels.last, Layers.CLASSES))
        .build();
  }

  private static void block(Graph.Builder network, String name, int channels) {
    String input = network.last();
    int half = channels / 2;
    String kept = name + ".first_half";
    network.add(kept, Slice.of(Axis.CHANNEL, 0, half));
    network.add(name + ".second_half", Slice.of(Axis.CHANNEL, half, channels), input);
    branch2(network, name, network.last(), half, half, 1);
    shuffled(network, name, channels, kept, network.last());
  }

  private static void halving(Graph.Builder network, String name, int in, int out) {
    String input = network.last();
    int half = out / 2;
    sequence(
        network,
        name + ".branch1",
        input,
        Layers.depthwise(in, 3, 2),
        new BatchNormalization(in),
        Conv2d.pointwise(in, half).build(),
        new BatchNormalization(half),
        new Activate(Activation.RELU));
    String first = network.last();
    branch2(network, name, input, in, half, 2);
    shuffled(network, name, out, first, network.last());
  }

  private static void branch2(
      Graph.Builder network, String name, String source, int in, int half, int stride) {
    sequence(
        network,
        name + ".branch2",
        source,
        Conv2d.pointwise(in, half).build(),
        new BatchNormalization(half),
        new Activate(Activation.RELU),
        Layers.depthwise(half, 3, stride),
        new BatchNormalization(half),
        Conv2d.pointwise(half, half).build(),
        new BatchNormalization(half),
        new Activate(Activation.RELU));
  }

  /** One operation after the other, called {@code name.0}, {@code name.1} and so on. */
  private static void sequence(
      Graph.Builder network, String name, String source, Operation... operations) {
    String last = source;
    for (int i = 0; i < operations.length; i++) {
      String next = name + "." + i;
      network.add(next, operations[i], last);
      last = next;
    }
  }

  private static void shuffled(
      Graph.Builder network, String name, int channels, String first, String second) {
    network
        .add(name + ".concat", new Concat(Axis.CHANNEL, 2), first, second)
        .add(name + ".shuffle", Gather.channelShuffle(channels, 2));
  }
}
