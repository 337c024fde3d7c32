package org.sepconv.cpu;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What one kernel may compute, from less to more: the setting {@code cpu.fuse}. */
enum Fusion {
  /** A convolution. */
  NEVER,
  /** A separable convolution too. */
  SEPARABLE,
  /** Two nodes of a graph too, where that is faster. */
  AUTO,
  /** Two nodes of a graph wherever there is a kernel: for tests and measurements. */
  ALWAYS;

  /**
   * By its name in lower case.
   *
   * @throws IllegalArgumentException if there is none, listing those there are
   */
  static Fusion of(String name) {
    return Arrays.stream(values())
        .filter(fusion -> fusion.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cpu.fuse=%s, but must be %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Fusion::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /** {@code auto}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
