package org.sepconv.graph;

import java.util.List;
import java.util.Locale;
import org.sepconv.Graph;

/** The networks of this package by their names: what a user types, and what their graphs say. */
public final class Networks {

  /** What makes a network of a size. */
  private interface Builder {
    Graph build(int size, double width);
  }

  /** PyTorch's own, and Keras's and MobileNetV3's. */
  private static final double SMALL_EPSILON = 1e-5;

  private static final double LARGE_EPSILON = 1e-3;

  /** Of ConvNeXt's layer norms. */
  private static final double SMALLEST_EPSILON = 1e-6;

  private record Entry(String name, int usualSize, double epsilon, Builder builder) {}

  private static final List<Entry> ALL =
      List.of(
          new Entry("mobilenet_v1", 224, LARGE_EPSILON, MobileNet::v1),
          new Entry("mobilenet_v2", 224, SMALL_EPSILON, MobileNet::v2),
          new Entry("mobilenet_v3_large", 224, LARGE_EPSILON, MobileNetV3::large),
          new Entry("mobilenet_v3_small", 224, LARGE_EPSILON, MobileNetV3::small),
          new Entry("efficientnet_b0", 224, SMALL_EPSILON, EfficientNet::b0),
          new Entry("xception", 299, LARGE_EPSILON, Xception::of),
          new Entry("shufflenet_v2", 224, SMALL_EPSILON, ShuffleNetV2::of),
          new Entry("ds_cnn", 49, LARGE_EPSILON, DsCnn::of),
          new Entry("convnext_tiny", 224, SMALLEST_EPSILON, ConvNeXt::tiny));

  private Networks() {}

  /** The names, in the order in which they are listed. */
  public static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }

  /**
   * A network.
   *
   * @param name in lower or upper case, with {@code _} or {@code -}
   * @param size height and width of its input; of ds_cnn the height, the number of frames
   * @param width multiplier of its channels, 1 as published
   * @throws IllegalArgumentException if there is none of this name, listing those there are, or the
   *     network refuses the size or the width
   */
  public static Graph of(String name, int size, double width) {
    return entry(name).builder.build(size, width);
  }

  /**
   * The size of input that a network is published with.
   *
   * @param name as for a network
   * @throws IllegalArgumentException if there is none of this name, listing those there are
   */
  public static int usualSize(String name) {
    return entry(name).usualSize;
  }

  /**
   * What the norms of a network add to the variance, as it is published: files of weights do not
   * say it.
   *
   * @param name as for a network
   * @throws IllegalArgumentException if there is none of this name, listing those there are
   */
  public static double epsilon(String name) {
    return entry(name).epsilon;
  }

  private static Entry entry(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    return ALL.stream()
        .filter(entry -> entry.name.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no network '%s'; there are: %s"
                        .formatted(name, String.join(", ", names()))));
  }
}
