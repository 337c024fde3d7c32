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

  private record Entry(String name, Builder builder) {}

  private static final List<Entry> ALL =
      List.of(new Entry("mobilenet_v1", MobileNet::v1), new Entry("mobilenet_v2", MobileNet::v2));

  private Networks() {}

  /** The names, in the order in which they are listed. */
  public static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }

  /**
   * A network.
   *
   * @param name in lower or upper case, with {@code _} or {@code -}
   * @param size height and width of its input
   * @param width multiplier of its channels, 1 as published
   * @throws IllegalArgumentException if there is none of this name, listing those there are, or the
   *     network refuses the size or the width
   */
  public static Graph of(String name, int size, double width) {
    String wanted = name.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    return ALL.stream()
        .filter(entry -> entry.name.equals(wanted))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no network '%s'; there are: %s"
                        .formatted(name, String.join(", ", names()))))
        .builder
        .build(size, width);
  }
}
