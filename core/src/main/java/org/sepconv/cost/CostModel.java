package org.sepconv.cost;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Softmax;
import org.sepconv.TransposedConv2d;

/**
 * Predicts times. On a calibrated device from what was measured there; on others the slower of
 * computing and of moving the bytes, plus the launch (Williams, Waterman, Patterson 2009,
 * Roofline).
 */
public final class CostModel {
  /** The term of a calibrated prediction that corrects the others by what was measured nearby. */
  public static final String NEIGHBOURS = "measured neighbours";

  /** The term of what an activation takes beyond a clamp. */
  public static final String ACTIVATION = "activation";

  /**
   * The term of what a part of a network takes beyond what it takes alone, again and again: behind
   * others it finds its input and its weights farther away.
   */
  public static final String IN_A_NETWORK = "in a network";

  private CostModel() {}

  /** Predicts one run on a device that has the data. */
  public static Prediction predict(Problem problem, DeviceProfile profile) {
    long weights = Cost.of(problem).weightBytes();
    return problem.operation() instanceof Graph
        ? predict(problem, profile, weights)
        : alone(problem, profile, weights);
  }

  /**
   * Predicts a part of a run of a network.
   *
   * @param allWeights bytes of the weights of the whole network: they go by in each run, so that
   *     those of this part lie where there is room for all
   */
  public static Prediction predict(Problem problem, DeviceProfile profile, long allWeights) {
    if (problem.operation() instanceof Graph graph) {
      return Prediction.sum(
          graph.steps(problem).stream()
              .map(step -> predict(step.problem(), profile, allWeights))
              .toList());
    }
    Prediction alone = alone(problem, profile, allWeights);
    double times = profile.calibrated().map(Calibrated::inNetworks).orElse(1.0);
    return alone.plus(new Term(IN_A_NETWORK, alone.seconds() * (times - 1)));
  }

  private static Prediction alone(Problem problem, DeviceProfile profile, long allWeights) {
    Optional<Prediction> calibrated =
        profile.calibrated().flatMap(fitted -> fitted.predict(problem, allWeights));
    return calibrated
        .orElseGet(() -> roofline(problem, profile))
        .plus(new Term(ACTIVATION, activationSeconds(problem, profile.ceilings())));
  }

  private static double activationSeconds(Problem problem, Ceilings ceilings) {
    double values = problem.destination().shape().elements();
    return switch (problem.operation()) {
      case Conv2d conv -> seconds(conv.activation(), values, ceilings);
      case TransposedConv2d conv -> seconds(conv.activation(), values, ceilings);
      case Activate(Activation activation) -> seconds(activation, values, ceilings);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        double between = depthwise.outputShape(problem.source().shape()).elements();
        yield seconds(depthwise.activation(), between, ceilings)
            + seconds(pointwise.activation(), values, ceilings);
      }
      case BatchNormalization _,
          Elementwise _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _ ->
          0;
    };
  }

  private static double seconds(Activation activation, double values, Ceilings ceilings) {
    return ceilings.seconds(Ceilings.name(activation), values);
  }

  /**
   * The time that it takes to move values from the host to a device, or back.
   *
   * @param bytes of the values
   */
  public static double transferSeconds(long bytes, DeviceProfile profile) {
    return profile
        .calibrated()
        .flatMap(Calibrated::transfer)
        .map(measured -> measured.seconds(bytes))
        .orElseGet(() -> bytes / profile.bandwidth() + profile.launchSeconds());
  }

  /**
   * The least time in which a device could run a problem: as many FLOPs as it has, at its peak, or
   * the compulsory bytes at the bandwidth of the level that they fit into, whichever takes longer.
   * The roof of the roofline, without the launch and whatever a kernel wastes.
   */
  public static double limitSeconds(Problem problem, DeviceProfile profile) {
    Cost cost = Cost.of(problem);
    double computing = cost.flops() / profile.peakFlops();
    return Math.max(computing, cost.bytes() * profile.ceilings().secondsPerByte(cost.bytes()));
  }

  private static Prediction roofline(Problem problem, DeviceProfile profile) {
    double compute = computeSeconds(problem, profile);
    Cost cost = Cost.of(problem);
    Ceilings ceilings = profile.ceilings();
    double memory =
        Math.max(
            cost.bytes() * ceilings.secondsPerByte(cost.bytes()),
            ceilings.seconds(Ceilings.name(problem.operation()), values(problem)));
    double seconds = Math.max(compute, memory) + profile.launchSeconds();
    String bound = bound(compute, memory, profile.launchSeconds(), ceilings.level(cost.bytes()));
    String explanation =
        String.format(
            Locale.ROOT,
            "%s-bound: %.3f ms computing, %.3f ms moving %.2f MB, %.3f ms launch",
            bound,
            compute * 1e3,
            memory * 1e3,
            cost.bytes() / 1e6,
            profile.launchSeconds() * 1e3);
    List<Term> terms =
        List.of(
            new Term("computing", compute),
            new Term("moving", memory),
            new Term("launch", profile.launchSeconds()));
    return new Prediction(seconds, bound, terms, explanation);
  }

  /** How many values an operation reads and writes: what {@link Ceilings#perValue} is for. */
  public static long values(Problem problem) {
    return problem.tensors().stream().mapToLong(spec -> spec.shape().elements()).sum();
  }

  private static String bound(double compute, double memory, double launch, String level) {
    if (launch > Math.max(compute, memory)) {
      return "launch";
    }
    return compute >= memory ? "compute" : level;
  }

  private static double computeSeconds(Problem problem, DeviceProfile profile) {
    if (problem.operation() instanceof SeparableConv2d(Conv2d depthwise, Conv2d pointwise)) {
      Problem first = Problem.of(depthwise, problem.source());
      return computeSeconds(first, profile)
          + computeSeconds(Problem.of(pointwise, first.destination()), profile);
    }
    return Cost.of(problem).flops()
        / (profile.peakFlops() * profile.efficiency(problem.operation().kind()));
  }
}
