package org.sepconv.cases;

import org.sepconv.Layout;

/** A case on tensors of these layouts. */
public record RandomCase(ShapeCase shape, Layout source, Layout destination) {

  /** The line of a shape file, and the layouts. */
  @Override
  public String toString() {
    return shape + "  # " + source + " -> " + destination;
  }
}
