package org.sepconv.cost;

import java.util.Objects;

/**
 * A part of a predicted time.
 *
 * @param name what takes it: {@code computing}, {@code moving}, {@code launch}
 * @param seconds not negative, except where a measured correction takes time away
 */
public record Term(String name, double seconds) {
  public Term {
    Objects.requireNonNull(name, "name");
    if (!Double.isFinite(seconds)) {
      throw new IllegalArgumentException("%s takes %s s".formatted(name, seconds));
    }
  }
}
