package org.sepconv.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Cost;

/**
 * Operations to measure: 1 to 1024 channels and maps of 7 to 224 pixels, even in their logarithms;
 * kernels of 1, 3, 5 and 7, strides of 1 and 2, same padding, and half of them with bias and ReLU6;
 * on channels-last tensors. None takes more than 2 GFLOP or 64 MB.
 */
public final class Operations {
  private static final double MOST_FLOPS = 2e9;
  private static final double MOST_BYTES = 64e6;
  private static final int DIMENSIONS = 7;
  private static final int LARGEST_CHANNELS_LOG2 = 10;
  private static final int SMALLEST_MAP = 7;
  private static final int LARGEST_MAP = 224;
  private static final int WIDEST_VECTOR = 16;
  private static final int[] FEW_CHANNELS = {1, 2, 6};
  private static final int[] WIDTHS = {7, 14, 28, 56, 112, 224};
  private static final int[] SEPARABLE_CHANNELS = {4, 40, 300};
  private static final int TYPICAL_MAP = 28;
  private static final int[] KERNELS = {3, 5, 7};
  private static final int[] DEPTHWISE_KERNELS = {1, 3, 5, 7};
  private static final int[] GROUPS = {2, 4, 8, 16};

  /** The kinds that are measured, in the order in which they are. */
  static final List<KernelKind> KINDS =
      List.of(
          KernelKind.STANDARD,
          KernelKind.GROUPED,
          KernelKind.DEPTHWISE,
          KernelKind.POINTWISE,
          KernelKind.SEPARABLE);

  /** The kinds that most people run; grouped convolutions are measured, but not drawn. */
  private static final List<KernelKind> USUAL =
      List.of(
          KernelKind.STANDARD, KernelKind.DEPTHWISE, KernelKind.POINTWISE, KernelKind.SEPARABLE);

  private Operations() {}

  /** A convolution on channels-last tensors. */
  static Problem on(Convolution convolution, Shape input) {
    return Problem.of(convolution, TensorSpec.nhwc(input));
  }

  /** What is done and the shape that it is done on, for people. */
  static String describe(Problem problem) {
    return problem.operation() + " on " + problem.source().shape();
  }

  /** Bytes of inputs and outputs. */
  static long bytes(Problem problem) {
    return problem.tensors().stream().mapToLong(TensorSpec::bytes).sum();
  }

  /**
   * Operations of one kind that cover its space evenly: the additive recurrence of Roberts 2018,
   * which leaves no gaps however many there are.
   */
  static List<Problem> covering(KernelKind kind, int count) {
    // The root of x^(d+1) = x + 1.
    double root = 2;
    for (int i = 0; i < 50; i++) {
      root = Math.pow(1 + root, 1.0 / (DIMENSIONS + 1));
    }
    double step = 1 / root;
    int[] index = {0};
    return take(
        count,
        () -> {
          index[0]++;
          double[] place = new double[DIMENSIONS];
          for (int i = 0; i < DIMENSIONS; i++) {
            place[i] = (0.5 + index[0] * Math.pow(step, i + 1)) % 1;
          }
          return of(kind, place, true);
        });
  }

  /**
   * A few of each kind but the separable one, as networks have them: they show how much of the peak
   * its kernels reach.
   */
  static List<Problem> typical() {
    List<Problem> typical = new ArrayList<>();
    for (int channels : new int[] {32, 128, 256}) {
      Shape input = Shape.of(channels, TYPICAL_MAP, TYPICAL_MAP);
      typical.add(on(Conv2d.pointwise(channels, channels).build(), input));
      typical.add(on(finish(Conv2d.depthwise(channels), 3, 1, false), input));
    }
    for (int channels : new int[] {16, 32, 64}) {
      Shape input = Shape.of(channels, TYPICAL_MAP, TYPICAL_MAP);
      typical.add(on(finish(Conv2d.of(channels, channels), 3, 1, false), input));
    }
    Conv2d grouped = finish(Conv2d.of(64, 64).groups(4), 3, 1, false);
    typical.add(on(grouped, Shape.of(64, TYPICAL_MAP, TYPICAL_MAP)));
    return typical;
  }

  /** Random operations of the usual kinds in turns, the same ones for the same seed. */
  public static List<Problem> random(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      KernelKind kind = USUAL.get(i % USUAL.size());
      Supplier<Problem> draw = () -> of(kind, random.doubles(DIMENSIONS).toArray(), false);
      problems.addAll(take(1, draw));
    }
    return problems;
  }

  private static List<Problem> take(int count, Supplier<Problem> source) {
    List<Problem> taken = new ArrayList<>();
    while (taken.size() < count) {
      Problem problem = source.get();
      if (Cost.of(problem).flops() <= MOST_FLOPS && bytes(problem) <= MOST_BYTES) {
        taken.add(problem);
      }
    }
    return taken;
  }

  /**
   * The operation at a place in the unit cube.
   *
   * @param alike whether to take few channels and widths only from short lists: backends compile
   *     kernels of their own for many of them, which takes longer than to measure
   */
  private static Problem of(KernelKind kind, double[] place, boolean alike) {
    int in = channels(place[0], alike);
    int out = channels(place[1], alike);
    int size =
        (int) Math.round(SMALLEST_MAP * Math.pow((double) LARGEST_MAP / SMALLEST_MAP, place[2]));
    int kernel = pick(KERNELS, place[3]);
    int stride = place[4] < 0.5 ? 1 : 2;
    boolean activated = place[5] < 0.5;
    int width = alike ? Math.max(SMALLEST_MAP * stride, nearest(WIDTHS, size)) : size;
    Convolution convolution =
        switch (kind) {
          case STANDARD -> finish(Conv2d.of(in, out), kernel, stride, activated);
          case GROUPED -> {
            int groups = pick(GROUPS, place[6]);
            int inside = Math.max(2, in / groups);
            yield finish(
                Conv2d.of(groups * inside, groups * Math.max(1, out / groups)).groups(groups),
                kernel,
                stride,
                activated);
          }
          case DEPTHWISE ->
              finish(
                  Conv2d.depthwise(Math.max(2, in)),
                  pick(DEPTHWISE_KERNELS, place[3]),
                  stride,
                  activated);
          case POINTWISE -> finish(Conv2d.pointwise(in, out), 1, 1, activated);
          case SEPARABLE -> {
            int between = alike ? nearest(SEPARABLE_CHANNELS, in) : in;
            SeparableConv2d.Builder block =
                SeparableConv2d.of(between, out).kernel(kernel).stride(stride).same();
            yield activated ? block.bias().relu6().build() : block.build();
          }
          case TRANSPOSED, POOLING, ELEMENTWISE, MATRIX, REARRANGEMENT, GRAPH ->
              throw new IllegalArgumentException("no operations to measure of " + kind);
        };
    return on(convolution, Shape.of(convolution.inChannels(), size, width));
  }

  private static Conv2d finish(Conv2d.Builder conv, int kernel, int stride, boolean activated) {
    conv.kernel(kernel).stride(stride).same();
    return activated ? conv.bias().relu6().build() : conv.build();
  }

  private static int channels(double share, boolean alike) {
    int channels = (int) Math.round(Math.pow(2, LARGEST_CHANNELS_LOG2 * share));
    return alike && channels < WIDEST_VECTOR ? nearest(FEW_CHANNELS, channels) : channels;
  }

  /** By its ratio. */
  private static int nearest(int[] values, int wanted) {
    int best = values[0];
    for (int value : values) {
      if (Math.abs(Math.log((double) value / wanted))
          < Math.abs(Math.log((double) best / wanted))) {
        best = value;
      }
    }
    return best;
  }

  private static int pick(int[] values, double share) {
    return values[(int) (share * values.length)];
  }
}
