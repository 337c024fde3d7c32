package org.sepconv;

import java.util.Arrays;

/**
 * The values of a {@link Graph.Constant}, in N, C, H, W order. Immutable: copied on the way in and
 * out.
 */
public record ConstantWeights(float[] values) implements Weights {
  public ConstantWeights {
    values = values.clone();
  }

  /** A copy. */
  @Override
  public float[] values() {
    return values.clone();
  }

  /** Refused: constants belong to graphs, not to operations. */
  @Override
  public void checkMatches(Operation operation) {
    throw new IllegalArgumentException("the values of a constant given for: " + operation);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConstantWeights that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "ConstantWeights[%d values]".formatted(values.length);
  }
}
