package org.sepconv.bench.tool;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.ResizeLinear;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.bench.Environment;
import org.sepconv.cases.OperationCase;
import org.sepconv.cases.Outcome;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;
import org.sepconv.timing.Turns;

/**
 * Operations of networks that are no convolutions, of usual sizes, on several backends that take
 * turns in one JVM. What each computes is compared with the reference first.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
 *       -cp 'cli/target/lib/*' org.sepconv.bench.tool.OperationsSideBySide "cpu djl" [THREADS [ROUNDS]]
 * </pre>
 */
public final class OperationsSideBySide {
  private static final long SLICE_NANOS = 100_000_000;

  /** So many rounds until C2 has compiled what was not warm. */
  private static final int WARM_ROUNDS = 10;

  private OperationsSideBySide() {}

  private record Contestant(Stopwatch watch, List<Double> seconds) {
    void measure() {
      seconds.add(Quantiles.median(watch.slice(SLICE_NANOS)));
    }
  }

  private static Problem of(Operation operation, int... sizes) {
    Shape shape = new Shape(1, sizes[0], sizes[1], sizes[2]);
    return Problem.of(operation, List.of(TensorSpec.nchw(shape)));
  }

  private static Problem ofTwo(Operation operation, Shape first, Shape second) {
    return Problem.of(operation, List.of(TensorSpec.nchw(first), TensorSpec.nchw(second)));
  }

  /** By what they are for. */
  static Map<String, Problem> problems() {
    Map<String, Problem> all = new LinkedHashMap<>();
    all.put("softmax of pixels, 21 classes", of(new Softmax(Axis.CHANNEL), 21, 256, 256));
    all.put("softmax of a classifier", of(new Softmax(Axis.CHANNEL), 1000, 1, 1));
    all.put("softmax of a line of text", of(new Softmax(Axis.WIDTH), 1, 40, 6625));
    all.put("softmax of attention", of(new Softmax(Axis.WIDTH), 8, 196, 196));
    all.put("products of attention", ofTwo(new MatrixProduct(), heads(196, 64), heads(64, 196)));
    all.put("upsampling 2x2", of(upsampling(2, 0), 64, 56, 56));
    all.put("upsampling 4x4", of(upsampling(4, 1), 64, 28, 28));
    all.put("upsampling each channel", of(upsamplingEach(), 64, 56, 56));
    all.put("bilinear resize", of(bilinear(), 64, 56, 56));
    all.put("max pool 3x3, stride 2", of(maxPool(), 64, 112, 112));
    all.put("mean over channels", of(new Reduce(Reduce.Function.MEAN, CHANNELS), 64, 56, 56));
    all.put("channels last", of(new Transpose(CHANNELS_LAST), 64, 56, 56));
    all.put("reflect padding", of(reflection(), 64, 56, 56));
    all.put("gelu", of(new Activate(Activation.GELU), 64, 56, 56));
    for (Unary.Function function :
        List.of(
            Unary.Function.EXPONENTIAL, Unary.Function.LOGARITHM, Unary.Function.ERROR_FUNCTION)) {
      all.put(new Unary(function).toString(), of(new Unary(function), 64, 56, 56));
    }
    Shape one = new Shape(1, 1, 1, 1);
    all.put("power", ofTwo(new Binary(Binary.Function.POWER), new Shape(1, 64, 56, 56), one));
    return all;
  }

  private static final EnumSet<Axis> CHANNELS = EnumSet.of(Axis.CHANNEL);

  private static final List<Axis> CHANNELS_LAST =
      List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL);

  private static Shape heads(int h, int w) {
    return new Shape(1, 8, h, w);
  }

  private static TransposedConv2d upsampling(int kernel, int padding) {
    return TransposedConv2d.of(64, 32)
        .kernel(kernel, kernel)
        .stride(2, 2)
        .padding(new Padding.Explicit(padding, padding, padding, padding))
        .build();
  }

  private static TransposedConv2d upsamplingEach() {
    return TransposedConv2d.of(64, 64)
        .groups(64)
        .kernel(4, 4)
        .stride(2, 2)
        .padding(new Padding.Explicit(1, 1, 1, 1))
        .build();
  }

  private static ResizeLinear bilinear() {
    return new ResizeLinear(Resampling.by(2, Resampling.Coordinates.HALF_PIXEL));
  }

  private static Pad reflection() {
    return new Pad(new Padding.Explicit(3, 3, 3, 3), Pad.Mode.REFLECT, 0);
  }

  private static Pool2d maxPool() {
    return new Pool2d(Pool2d.Function.MAX, 3, 3, 2, 2, Padding.of(1, 1, 1, 1), false);
  }

  private static float[] positive(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.5f + random.nextFloat();
    }
    return values;
  }

  /**
   * Medians of the rounds, in seconds.
   *
   * @throws IllegalStateException if a backend computes something else than the reference
   */
  static List<Double> measure(Problem problem, List<ConvBackend> backends, int rounds) {
    Weights weights = Weights.filled(problem.operation(), OperationsSideBySide::positive);
    List<float[]> inputs =
        problem.inputs().stream().map(spec -> positive(spec.shape().elements())).toList();
    OperationCase checked = new OperationCase(problem, weights, inputs, false);
    List<Contestant> all = new ArrayList<>();
    List<AutoCloseable> open = new ArrayList<>();
    try {
      for (ConvBackend backend : backends) {
        if (checked.check(backend) instanceof Outcome.Failed(String why)) {
          throw new IllegalStateException(backend.device().id() + ": " + why);
        }
        var prepared = backend.prepare(problem, weights);
        open.addFirst(prepared);
        OwningRun run = OwningRun.of(prepared, checked.ordered());
        open.addFirst(run);
        all.add(new Contestant(new Stopwatch(run::run, System::nanoTime), new ArrayList<>()));
      }
      Turns<Contestant> turns = new Turns<>(all);
      for (int round = 0; round < WARM_ROUNDS; round++) {
        turns.round(_ -> true, one -> one.watch.slice(SLICE_NANOS));
      }
      for (int round = 0; round < rounds; round++) {
        turns.round(_ -> true, Contestant::measure);
      }
      return all.stream().map(one -> Quantiles.median(one.seconds)).toList();
    } finally {
      open.forEach(OperationsSideBySide::close);
    }
  }

  private static void close(AutoCloseable closed) {
    try {
      closed.close();
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  public static void main(String[] arguments) {
    String[] names = FirstRun.argument(arguments, 0, "cpu djl").split(" ");
    int threads = Integer.parseInt(FirstRun.argument(arguments, 1, "1"));
    int rounds = Integer.parseInt(FirstRun.argument(arguments, 2, "7"));
    System.out.printf(
        "%s%n%d thread(s), %d rounds in turns; ms: the median round%n%n",
        Environment.here(), threads, rounds);
    System.out.printf("| | %s | ratio |%n", String.join(" | ", names));
    System.out.println("|---|" + "--:|".repeat(names.length + 1));
    try (Backends found = Backends.discover(BackendOptions.defaults().withThreads(threads))) {
      List<ConvBackend> backends = new ArrayList<>();
      for (String name : names) {
        backends.add(found.backend(name));
      }
      problems()
          .forEach((what, problem) -> print(what, problem, measure(problem, backends, rounds)));
    }
  }

  private static void print(String what, Problem problem, List<Double> seconds) {
    StringBuilder text = new StringBuilder();
    text.append("| ").append(what).append(": ");
    text.append(problem.inputs().getFirst().shape()).append(" |");
    for (double one : seconds) {
      text.append(String.format(Locale.ROOT, " %.3f |", one * 1e3));
    }
    text.append(String.format(Locale.ROOT, " %.2f |", seconds.getLast() / seconds.getFirst()));
    System.out.println(text);
  }
}
