package org.sepconv.cost;

import java.util.List;
import java.util.Objects;

/**
 * A predicted time and what it consists of.
 *
 * @param seconds wall time of one run
 * @param bound the name of what takes most of it
 * @param terms what it consists of; in a roofline the shorter ones are hidden behind the longest,
 *     in a calibrated prediction they add up
 * @param explanation the same, for a person to read
 */
public record Prediction(double seconds, String bound, List<Term> terms, String explanation) {
  public Prediction {
    Objects.requireNonNull(bound, "bound");
    Objects.requireNonNull(explanation, "explanation");
    terms = List.copyOf(terms);
    if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "predicted %s s, but a time is finite and not negative".formatted(seconds));
    }
  }
}
