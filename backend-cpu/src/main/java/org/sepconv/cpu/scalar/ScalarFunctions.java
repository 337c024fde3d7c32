package org.sepconv.cpu.scalar;

import org.sepconv.Activation;
import org.sepconv.cpu.kernel.ValueFunctions;

/** Functions in float32, one value at a time. */
record ScalarFunctions() implements ValueFunctions {
  @Override
  public void activate(Activation activation, float[] values, int from, int end) {
    ScalarActivation.apply(activation, values, from, end);
  }

  @Override
  public void exponential(float[] values, int from, int end) {
    for (int i = from; i < end; i++) {
      values[i] = (float) Math.exp(values[i]);
    }
  }
}
