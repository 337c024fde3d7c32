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

  private record Entry(String name, int usualSize, Builder builder) {}

  private static final List<Entry> ALL =
      List.of(
          new Entry("mobilenet_v1", 224, MobileNet::v1),
          new Entry("mobilenet_v2", 224, MobileNet::v2),
          new Entry("mobilenet_v3_large", 224, MobileNetV3::large),
          new Entry("mobilenet_v3_small", 224, MobileNetV3::small),
          new Entry("efficientnet_b0", 224, EfficientNet::b0),
          new Entry("xception", 299, Xception::of),
          new Entry("shufflenet_v2", 224, ShuffleNetV2::of),
          new Entry("ds_cnn", 49, DsCnn::of),
          new Entry("convnext_tiny", 224, ConvNeXt::tiny));

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
