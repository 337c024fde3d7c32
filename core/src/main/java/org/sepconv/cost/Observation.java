package org.sepconv.cost;

import java.util.Objects;
import org.sepconv.Problem;

/**
 * A measured run, from which a profile is fitted.
 *
 * @param seconds the usual time of a warm run
 */
public record Observation(Problem problem, double seconds) {
  public Observation {
    Objects.requireNonNull(problem, "problem");
    if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s took %s s, but a time is positive and finite".formatted(problem, seconds));
    }
  }
}
