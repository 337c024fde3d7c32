package org.sepconv.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Prediction;
import org.sepconv.cost.Term;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Part;
import org.sepconv.spi.Support;

/** The predicted time of a run on a device that has the data. */
public final class Predictions {
  private static final String HOST = "on the host";

  private Predictions() {}

  /**
   * Of a graph the sum of its nodes as they are prepared; what the device refuses is on the host.
   */
  public static Prediction of(Problem problem, ConvBackend backend, DeviceProfile profile) {
    return problem.operation() instanceof Graph
        ? part(problem, backend, profile, Cost.of(problem).weightBytes())
        : CostModel.predict(problem, profile);
  }

  private static Prediction part(
      Problem problem, ConvBackend backend, DeviceProfile profile, long allWeights) {
    if (!(problem.operation() instanceof Graph graph)) {
      return CostModel.predict(problem, profile, allWeights);
    }
    List<Prediction> nodes = new ArrayList<>();
    int onHost = 0;
    // Which operations there will be does not depend on the values of the weights.
    GraphWeights zeros = (GraphWeights) Weights.filled(graph, float[]::new);
    Graph compiled = backend.compile(problem, zeros).program().graph();
    for (Graph.Step step :
        compiled.steps(new Problem(compiled, problem.inputs(), problem.outputs()))) {
      switch (backend.supports(step.problem())) {
        case Support.Yes _ -> nodes.add(part(step.problem(), backend, profile, allWeights));
        case Support.No _ -> {
          nodes.add(onHost(step.problem(), profile));
          onHost++;
        }
      }
    }
    Prediction sum = Prediction.sum(nodes);
    return onHost == 0
        ? sum
        : new Prediction(
            sum.seconds(),
            sum.bound(),
            sum.terms(),
            "%s; %d of them %s".formatted(sum.explanation(), onHost, HOST));
  }

  /** Of the parts of something prepared, each where it runs. */
  static List<Prediction> of(List<Part> parts, DeviceProfile profile) {
    long allWeights = parts.stream().mapToLong(part -> Cost.of(part.problem()).weightBytes()).sum();
    return parts.stream()
        .map(
            part ->
                part.onHost().isPresent()
                    ? onHost(part.problem(), profile)
                    : CostModel.predict(part.problem(), profile, allWeights))
        .toList();
  }

  /** By the reference, with the values moved from the device and back. */
  private static Prediction onHost(Problem problem, DeviceProfile profile) {
    double computing = CostModel.predict(problem, DeviceProfile.REFERENCE).seconds();
    double moving =
        problem.tensors().stream()
            .mapToLong(TensorSpec::bytes)
            .mapToDouble(bytes -> CostModel.transferSeconds(bytes, profile))
            .sum();
    return new Prediction(
        computing + moving,
        HOST,
        List.of(new Term(HOST, computing + moving)),
        String.format(
            Locale.ROOT,
            "%.3f ms by the reference, %.3f ms moving",
            computing * 1e3,
            moving * 1e3));
  }
}
