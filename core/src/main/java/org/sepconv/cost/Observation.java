package org.sepconv.cost;

import java.util.Objects;
import org.sepconv.Convolution;
import org.sepconv.Shape;

/**
 * A measured run, from which a profile is fitted.
 *
 * @param seconds the usual time of a warm run
 */
public record Observation(Convolution convolution, Shape input, double seconds) {
  public Observation {
    Objects.requireNonNull(convolution, "convolution");
    convolution.outputShape(input);
    if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s on %s took %s s, but a time is positive and finite"
              .formatted(convolution, input, seconds));
    }
  }
}
