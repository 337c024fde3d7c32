package org.sepconv.opencl;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.cases.OperationCase;
import org.sepconv.cases.Outcome;
import org.sepconv.opencl.plan.Chooser;

/**
 * A few small problems for each kernel of operations that are no convolutions, small enough for an
 * interpreter that watches every access.
 */
final class TinyOperations {
  private record Tiny(Operation operation, List<Shape> inputs) {}

  /** With lines longer than a vector and not of whole ones, in either layout. */
  private static final Shape SHAPE = new Shape(2, 21, 3, 5);

  private static final Shape EVEN = new Shape(1, 16, 4, 6);

  private TinyOperations() {}

  private static Tiny of(Operation operation, Shape... inputs) {
    return new Tiny(operation, List.of(inputs));
  }

  private static List<Tiny> all() {
    List<Tiny> all = new ArrayList<>();
    for (Unary.Function function : Unary.Function.values()) {
      all.add(of(new Unary(function), SHAPE));
    }
    for (Binary.Function function : Binary.Function.values()) {
      all.add(of(new Binary(function), SHAPE, new Shape(2, 21, 1, 1)));
    }
    all.add(of(Binary.add(), SHAPE, SHAPE));
    all.add(of(Binary.add(), EVEN, EVEN));
    all.add(of(Binary.add(), EVEN, new Shape(1, 1, 4, 6)));
    for (Reduce.Function function : Reduce.Function.values()) {
      all.add(of(new Reduce(function, EnumSet.of(Axis.HEIGHT, Axis.WIDTH)), SHAPE));
      all.add(of(new Reduce(function, EnumSet.of(Axis.CHANNEL)), EVEN));
    }
    Shape wide = new Shape(1, 5, 20, 21);
    all.add(of(Reduce.globalAveragePool(), wide)); // in two launches
    all.add(of(Pool2d.max(3, 2, Padding.same()), SHAPE));
    all.add(of(Pool2d.average(3, 1, Padding.same()), EVEN));
    Padding.Explicit sides = new Padding.Explicit(1, 2, 1, 0);
    all.add(of(new Pad(sides, Pad.Mode.CONSTANT, 2), SHAPE));
    all.add(of(new Pad(sides, Pad.Mode.REFLECT, 0), SHAPE));
    all.add(of(new Concat(Axis.CHANNEL, 3), SHAPE, SHAPE, Axis.CHANNEL.with(SHAPE, 2)));
    all.add(of(new Slice(Axis.CHANNEL, 1, 19, 2), SHAPE));
    all.add(of(Slice.of(Axis.CHANNEL, 1, 20), SHAPE));
    all.add(of(Gather.channelShuffle(16, 4), EVEN));
    all.add(of(new Transpose(List.of(Axis.BATCH, Axis.WIDTH, Axis.CHANNEL, Axis.HEIGHT)), SHAPE));
    all.add(of(Reshape.flatten(), SHAPE));
    all.add(of(new DepthToSpace(2, DepthToSpace.Order.DEPTH_COLUMN_ROW), EVEN));
    all.add(of(new SpaceToDepth(2), EVEN));
    all.add(of(ResizeNearest.by(2), SHAPE));
    Resampling larger = Resampling.to(5, 7, Resampling.Coordinates.HALF_PIXEL);
    all.add(of(new ResizeLinear(larger), SHAPE));
    all.add(of(new Softmax(Axis.CHANNEL), SHAPE));
    all.add(of(new Softmax(Axis.WIDTH), SHAPE));
    all.add(of(new SquareRoot(), SHAPE));
    all.add(of(new BatchNormalization(21), SHAPE));
    all.add(of(new Activate(Activation.GELU), SHAPE));
    all.add(of(new Activate(Activation.HARD_SWISH), EVEN));
    all.add(of(new MatrixProduct(), new Shape(2, 3, 5, 7), new Shape(2, 1, 7, 19)));
    all.add(of(new MatrixProduct(), new Shape(1, 1, 9, 4), new Shape(1, 1, 4, 32)));
    all.add(
        of(
            TransposedConv2d.of(21, 9)
                .kernel(3)
                .stride(2)
                .padding(sides)
                .bias()
                .activation(Activation.RELU)
                .build(),
            SHAPE));
    all.add(of(TransposedConv2d.of(16, 34).kernel(2).stride(2).groups(2).build(), EVEN));
    return all;
  }

  /**
   * Runs every problem with a family of kernels, in both layouts and from one to the other.
   *
   * @return what was wrong
   */
  static List<String> run(boolean cpuKernels) {
    List<String> wrong = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    try (OpenClBackend backend = TinyShapes.open(cpuKernels, _ -> Chooser.FIRST)) {
      for (Tiny tiny : all()) {
        for (Layout layout : Layout.values()) {
          for (Layout given : Layout.values()) {
            Outcome outcome = drawn(tiny, layout, given, random).check(backend);
            if (!(outcome instanceof Outcome.Passed)) {
              wrong.add(tiny + ": " + outcome);
            }
          }
        }
      }
    }
    return wrong;
  }

  private static OperationCase drawn(
      Tiny tiny, Layout layout, Layout given, SplittableRandom random) {
    List<TensorSpec> inputs =
        tiny.inputs.stream().map(shape -> new TensorSpec(shape, layout)).toList();
    Shape output = tiny.operation.outputShapes(tiny.inputs).getFirst();
    Problem problem = new Problem(tiny.operation, inputs, List.of(new TensorSpec(output, given)));
    List<float[]> values =
        inputs.stream().map(spec -> positive(random, spec.shape().elements())).toList();
    Weights weights = Weights.filled(tiny.operation, count -> positive(random, count));
    return new OperationCase(problem, weights, values, false);
  }

  private static float[] positive(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.5f + 2 * random.nextFloat();
    }
    return values;
  }
}
