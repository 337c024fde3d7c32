package org.sepconv.calibration;

import java.util.Objects;
import org.sepconv.Convolution;
import org.sepconv.Shape;

/** A convolution on an input. */
public record Workload(Convolution convolution, Shape input) {
  public Workload {
    Objects.requireNonNull(convolution, "convolution");
    convolution.outputShape(input);
  }

  /** Bytes of input and output. */
  long bytes() {
    return input.bytes() + convolution.outputShape(input).bytes();
  }

  @Override
  public String toString() {
    return convolution + " on " + input;
  }
}
