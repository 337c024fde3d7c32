package org.sepconv.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Gather;
import org.sepconv.Operation;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.calibration.Rounds.Outcome;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Support;

/**
 * Operations that show one ceiling of a device each, whatever its backend: the smallest one its
 * launch, large pointwise ones its peak, depthwise ones of a single tap, which do little but move,
 * its bandwidth from 14 KB to 64 MB, pointwise ones at a single pixel, which do little but read
 * weights, the bandwidth of these, activations alone what each takes beyond a clamp, and what moves
 * or combines values what it takes for each.
 */
final class CeilingOperations {
  private static final Problem LAUNCH =
      Operations.on(Conv2d.pointwise(1, 1).build(), Shape.of(1, 1, 1));
  private static final List<Problem> PEAK =
      List.of(pointwise(256, 28), pointwise(512, 14), pointwise(512, 56));

  /** One width and few channels: one kernel, which is compiled once. */
  private static final int MOVED_CHANNELS = 16;

  private static final int MOVED_WIDTH = 112;
  private static final long MOST_MOVED_BYTES = 64_000_000;

  /** Caches end suddenly: three sizes for each doubling. */
  private static final double STEP = Math.cbrt(2);

  /** What a launch takes of a short run is guessed, but never more than this share of it. */
  private static final double MOST_LAUNCH = 0.5;

  /** 260 KB to 34 MB of weights. */
  private static final List<Integer> WEIGHTS_CHANNELS = List.of(256, 512, 1024, 2048, 2896);

  /** 200 KB: values that were written a moment ago. */
  private static final Shape ACTIVATED = Shape.of(64, 28, 28);

  private static final Problem CLAMP = activation(Activation.RELU6);

  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.HARD_SWISH,
          Activation.SILU,
          Activation.SIGMOID,
          Activation.HARD_SIGMOID,
          Activation.GELU,
          Activation.TANH,
          new Activation.LeakyRelu(0.1f));

  /** Channels that fill no whole number of vectors, as a share of others often does not. */
  private static final Shape HALF = Shape.of(58, 28, 28);

  private static final Shape BOTH = Shape.of(116, 28, 28);

  /** One of each class that networks have: the measured one stands for all. */
  private static final List<Problem> MOVING_VALUES =
      List.of(
          on(Binary.add(), BOTH, BOTH),
          on(Reduce.globalAveragePool(), BOTH),
          on(Pool2d.max(3, 2, Padding.same()), BOTH),
          on(new Softmax(Axis.CHANNEL), BOTH),
          on(new Concat(Axis.CHANNEL, 2), HALF, HALF),
          on(Slice.of(Axis.CHANNEL, HALF.c(), BOTH.c()), BOTH),
          on(Gather.channelShuffle(BOTH.c(), 2), BOTH));

  private CeilingOperations() {}

  private static Problem on(Operation operation, Shape... inputs) {
    return Problem.of(operation, Arrays.stream(inputs).map(TensorSpec::nhwc).toList());
  }

  private static Problem activation(Activation activation) {
    return Problem.of(new Activate(activation), List.of(TensorSpec.nhwc(ACTIVATED)));
  }

  private static Problem pointwise(int channels, int size) {
    return Operations.on(
        Conv2d.pointwise(channels, channels).build(), Shape.of(channels, size, size));
  }

  /** Those without which there is no roofline. */
  static List<Problem> fewest() {
    List<Problem> fewest = new ArrayList<>(List.of(LAUNCH));
    fewest.addAll(PEAK);
    fewest.addAll(moving());
    return fewest;
  }

  /** All that a device runs: some run convolutions only. */
  static List<Problem> all(ConvBackend backend) {
    List<Problem> all = fewest();
    WEIGHTS_CHANNELS.forEach(channels -> all.add(pointwise(channels, 1)));
    all.add(CLAMP);
    ACTIVATIONS.forEach(activation -> all.add(activation(activation)));
    all.addAll(MOVING_VALUES);
    all.removeIf(
        problem ->
            !(problem.operation() instanceof Convolution)
                && backend.supports(problem) instanceof Support.No);
    return all;
  }

  private static List<Problem> moving() {
    Conv2d copy = Conv2d.depthwise(MOVED_CHANNELS).kernel(1).build();
    List<Problem> moving = new ArrayList<>();
    int last = 0;
    for (double height = 1; ; height *= STEP) {
      int rows = (int) Math.round(height);
      Problem problem = Operations.on(copy, Shape.of(MOVED_CHANNELS, rows, MOVED_WIDTH));
      if (Operations.bytes(problem) > MOST_MOVED_BYTES) {
        return moving;
      }
      if (rows > last) {
        moving.add(problem);
        last = rows;
      }
    }
  }

  /** Those that say something of their kind, too: at a single pixel, which no others are. */
  static List<Outcome> ofWeights(List<Outcome> outcomes) {
    List<Problem> problems =
        WEIGHTS_CHANNELS.stream().map(channels -> pointwise(channels, 1)).toList();
    return outcomes.stream().filter(outcome -> problems.contains(outcome.problem())).toList();
  }

  /** The ceilings that they show; those of the estimate where none could be measured. */
  static Ceilings of(List<Outcome> outcomes, DeviceProfile estimate) {
    double launch = seconds(outcomes, LAUNCH).orElse(estimate.launchSeconds());
    double flops =
        PEAK.stream()
            .flatMapToDouble(
                problem ->
                    seconds(outcomes, problem).stream()
                        .map(seconds -> Cost.of(problem).flops() / seconds))
            .max()
            .orElse(estimate.peakFlops());
    List<Bandwidth> bandwidths = new ArrayList<>();
    for (Problem problem : moving()) {
      long bytes = Operations.bytes(problem);
      seconds(outcomes, problem)
          .ifPresent(
              seconds -> bandwidths.add(new Bandwidth(bytes, bytes / moved(seconds, launch))));
    }
    return new Ceilings(
        launch,
        flops,
        bandwidths.isEmpty() ? estimate.ceilings().bandwidths() : bandwidths,
        weights(outcomes, launch),
        perValue(outcomes, launch));
  }

  private static List<Bandwidth> weights(List<Outcome> outcomes, double launch) {
    List<Bandwidth> weights = new ArrayList<>();
    for (int channels : WEIGHTS_CHANNELS) {
      Problem problem = pointwise(channels, 1);
      long bytes = Cost.of(problem).weightBytes();
      seconds(outcomes, problem)
          .ifPresent(seconds -> weights.add(new Bandwidth(bytes, bytes / moved(seconds, launch))));
    }
    return weights;
  }

  private static Map<String, Double> perValue(List<Outcome> outcomes, double launch) {
    Map<String, Double> all = new TreeMap<>();
    // Beyond a clamp, which every kernel of a convolution may have.
    seconds(outcomes, CLAMP)
        .ifPresent(
            clamp ->
                ACTIVATIONS.forEach(
                    activation ->
                        seconds(outcomes, activation(activation))
                            .ifPresent(
                                seconds ->
                                    all.put(
                                        Ceilings.name(activation),
                                        Math.max(0, seconds - clamp) / ACTIVATED.elements()))));
    for (Problem problem : MOVING_VALUES) {
      seconds(outcomes, problem)
          .ifPresent(
              seconds ->
                  all.put(
                      Ceilings.name(problem.operation()),
                      moved(seconds, launch) / CostModel.values(problem)));
    }
    return all;
  }

  /** The time of a run without its launch. */
  private static double moved(double seconds, double launch) {
    return Math.max(seconds - launch, (1 - MOST_LAUNCH) * seconds);
  }

  private static OptionalDouble seconds(List<Outcome> outcomes, Problem problem) {
    return outcomes.stream()
        .filter(outcome -> outcome.problem().equals(problem))
        .map(Outcome::seconds)
        .findFirst()
        .orElseGet(OptionalDouble::empty);
  }
}
