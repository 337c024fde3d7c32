package org.sepconv.select;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Weights;

/** Numbers to run a convolution on, the same every time: zeros could be faster than others. */
record TrialData(Weights weights, List<float[]> inputs) {

  static TrialData of(Question question) {
    SplittableRandom random = new SplittableRandom(1);
    return new TrialData(
        weights(question.problem().operation(), random),
        question.problem().inputs().stream()
            .map(spec -> values(spec.shape().elements(), random))
            .toList());
  }

  private static Weights weights(Operation operation, SplittableRandom random) {
    return switch (operation) {
      case Conv2d conv -> weights(conv, random);
      case SeparableConv2d separable ->
          new SeparableWeights(
              weights(separable.depthwise(), random), weights(separable.pointwise(), random));
      case Graph graph ->
          new GraphWeights(
              graph.nodes().stream()
                  .collect(
                      Collectors.toMap(
                          Graph.Node::name, node -> weights(node.operation(), random))));
      case Add _, GlobalAveragePool _ -> Weights.none();
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
