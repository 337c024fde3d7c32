package org.sepconv.vision.filter;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What people choose by its name. */
final class Named {
  private Named() {}

  static <E extends Enum<E>> E parse(String what, String name, E[] known) {
    for (E value : known) {
      if (value.toString().equalsIgnoreCase(name.strip())) {
        return value;
      }
    }
    throw new IllegalArgumentException(
        "'%s' is not a %s: expected %s"
            .formatted(
                name,
                what,
                Arrays.stream(known).map(Object::toString).collect(Collectors.joining(", "))));
  }
}
