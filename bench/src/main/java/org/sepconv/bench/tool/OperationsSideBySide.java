package org.sepconv.bench.tool;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
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
import org.sepconv.bench.implementation.Workload;

/**
 * Operations of networks that are no convolutions, of usual sizes, as {@link SideBySide} measures
 * layers.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
 *       -cp 'cli/target/lib/*' org.sepconv.bench.tool.OperationsSideBySide "cpu[nchw] djl[nchw]" [THREADS [ROUNDS]]
 * </pre>
 */
public final class OperationsSideBySide {
  private OperationsSideBySide() {}

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

  static SideBySide.Task task(String what, Problem problem) {
    Weights weights = Weights.filled(problem.operation(), OperationsSideBySide::positive);
    List<float[]> inputs =
        problem.inputs().stream().map(spec -> positive(spec.shape().elements())).toList();
    String name = what + ": " + problem.source().shape();
    return SideBySide.Task.of(name, new Workload(problem, weights, inputs));
  }

  public static void main(String[] arguments) {
    SideBySide.print(
        FirstRun.argument(arguments, 0, "cpu[nchw] djl[nchw]"),
        Integer.parseInt(FirstRun.argument(arguments, 1, "1")),
        Integer.parseInt(FirstRun.argument(arguments, 2, "7")),
        problems().entrySet().stream().map(each -> task(each.getKey(), each.getValue())));
  }
}
