package org.sepconv.cpu.vector;

import org.sepconv.Activation;
import org.sepconv.cpu.kernel.ValueFunctions;
import org.sepconv.cpu.tile.Clamp;

/** Functions as the tiles and {@link VectorActivation} compute them. */
record VectorFunctions() implements ValueFunctions {
  @Override
  public void activate(Activation activation, float[] values, int from, int end) {
    if (Clamp.leaves(activation)) {
      VectorActivation.apply(activation, values, from, end);
    } else if (!(activation instanceof Activation.None)) {
      clamp(Clamp.of(activation), values, from, end);
    }
  }

  /** In a plain loop, of which C2 makes vectors: NaN stays, as in a tile. */
  private static void clamp(Clamp bounds, float[] values, int from, int end) {
    float min = bounds.min();
    float max = bounds.max();
    for (int i = from; i < end; i++) {
      values[i] = Math.min(Math.max(values[i], min), max);
    }
  }

  @Override
  public void exponential(float[] values, int from, int end) {
    VectorActivation.exponential(values, from, end);
  }
}
