package org.sepconv.select;

import java.util.Optional;
import java.util.SplittableRandom;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Weights;

/** Numbers to run a convolution on, the same every time: zeros could be faster than others. */
record TrialData(Weights weights, float[] input, Optional<float[]> residual) {

  static TrialData of(Question question) {
    SplittableRandom random = new SplittableRandom(1);
    return new TrialData(
        weights(question.convolution(), random),
        values(question.source().shape().elements(), random),
        question.convolution().residual()
            ? Optional.of(values(question.destination().shape().elements(), random))
            : Optional.empty());
  }

  private static Weights weights(Convolution convolution, SplittableRandom random) {
    return switch (convolution) {
      case Conv2d conv -> weights(conv, random);
      case SeparableConv2d separable ->
          new SeparableWeights(
              weights(separable.depthwise(), random), weights(separable.pointwise(), random));
    };
  }

  private static ConvWeights weights(Conv2d conv, SplittableRandom random) {
    float[] filter = values(conv.filterSize(), random);
    return conv.bias()
        ? ConvWeights.of(filter, values(conv.outChannels(), random))
        : ConvWeights.of(filter);
  }

  private static float[] values(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
