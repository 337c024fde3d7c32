package org.sepconv.select;

import java.util.List;
import java.util.SplittableRandom;
import org.sepconv.Weights;

/** Numbers to run a convolution on, the same every time: zeros could be faster than others. */
record TrialData(Weights weights, List<float[]> inputs) {

  private static final long SEED = 1;

  static TrialData of(Question question) {
    SplittableRandom random = new SplittableRandom(SEED);
    return new TrialData(
        Weights.random(question.problem().operation(), SEED),
        question.problem().inputs().stream()
            .map(spec -> values(spec.shape().elements(), random))
            .toList());
  }

  private static float[] values(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
