package org.sepconv;

import java.util.List;

/** The square root of each value; NaN of a negative one. */
public record SquareRoot() implements Elementwise {
  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(Inputs.only(this, inputs));
  }

  /** {@code square root}. */
  @Override
  public String toString() {
    return "square root";
  }
}
