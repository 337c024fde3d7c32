package org.sepconv.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.Activation;

/** The activations that are more than a clamp, over values that were just written. */
final class VectorActivation {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private VectorActivation() {}

  /** Applies {@code activation} to {@code values[from]} to {@code values[end - 1]}. */
  static void apply(Activation activation, float[] values, int from, int end) {
    int bound = from + SPECIES.loopBound(end - from);
    switch (activation) {
      case Activation.HardSwish _ -> hardSwish(values, from, bound);
      case Activation.Silu _ -> silu(values, from, bound);
      case Activation.LeakyRelu(float slope) -> leakyRelu(values, from, bound, slope);
      default -> throw new IllegalArgumentException("tiles apply " + activation + " themselves");
    }
    if (bound < end) {
      // The last vector through a small array, so that the tail runs the same operations and
      // every value depends on its argument alone, not on its place.
      float[] last = new float[SPECIES.length()];
      System.arraycopy(values, bound, last, 0, end - bound);
      apply(activation, last, 0, last.length);
      System.arraycopy(last, 0, values, bound, end - bound);
    }
  }

  private static void hardSwish(float[] values, int from, int bound) {
    for (int i = from; i < bound; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      FloatVector gate = x.add(3);
      gate = gate.blend(6, gate.compare(VectorOperators.GT, 6));
      FloatVector y = x.mul(gate).mul(1 / 6f);
      y.blend(0, x.compare(VectorOperators.LE, -3)).intoArray(values, i);
    }
  }

  private static void silu(float[] values, int from, int bound) {
    for (int i = from; i < bound; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      FloatVector y = x.div(x.neg().lanewise(VectorOperators.EXP).add(1));
      y.blend(0, x.compare(VectorOperators.EQ, Float.NEGATIVE_INFINITY)).intoArray(values, i);
    }
  }

  private static void leakyRelu(float[] values, int from, int bound, float slope) {
    for (int i = from; i < bound; i += SPECIES.length()) {
      FloatVector x = FloatVector.fromArray(SPECIES, values, i);
      x.blend(x.mul(slope), x.compare(VectorOperators.LT, 0)).intoArray(values, i);
    }
  }
}
