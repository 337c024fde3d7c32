package org.sepconv.cases;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Convolution;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Reduce;
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

/**
 * Random operations that are no {@link Convolution}s, of all sizes, small enough that the reference
 * takes about a millisecond. The same kind, seed and index give the same case on every machine.
 */
public final class RandomOperations {

  /** What is drawn: each kind is as often tried as any other. */
  public enum Kind {
    ACTIVATE,
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    POWER,
    SQUARE_ROOT,
    BATCH_NORM,
    MAX_POOL,
    AVERAGE_POOL,
    GLOBAL_AVERAGE_POOL,
    REDUCE,
    SOFTMAX,
    MATRIX_PRODUCT,
    CONCAT,
    SLICE,
    GATHER,
    PAD,
    TRANSPOSE,
    RESHAPE,
    RESIZE_NEAREST,
    RESIZE_LINEAR,
    DEPTH_TO_SPACE,
    SPACE_TO_DEPTH,
    TRANSPOSED_CONVOLUTION,
    MINIMUM,
    MAXIMUM,
    PRELU,
    UNARY,
    QUANTIZE
  }

  private record Drawn(Operation operation, List<Shape> inputs) {}

  private static final Activation[] ACTIVATIONS = {
    Activation.NONE,
    Activation.RELU,
    Activation.RELU6,
    Activation.HARD_SWISH,
    Activation.SILU,
    Activation.SIGMOID,
    Activation.HARD_SIGMOID,
    Activation.GELU,
    Activation.TANH,
    new Activation.LeakyRelu(0.25f),
    new Activation.Clamp(-1, 2),
  };

  private RandomOperations() {}

  /** Those that are drawn. */
  public static List<Activation> activations() {
    return List.of(ACTIVATIONS);
  }

  /** Case {@code index} of the sequence of a kind that {@code seed} names. */
  public static OperationCase of(Kind kind, long seed, int index) {
    return draw(kind, seed, index).toCase();
  }

  static RandomOperation draw(Kind kind, long seed, int index) {
    SplittableRandom random =
        new SplittableRandom(RandomCases.dataSeed(seed, index) ^ kind.ordinal() * 0x2545f491L);
    while (true) {
      Drawn drawn = draw(kind, random);
      List<TensorSpec> specs =
          drawn.inputs.stream().map(shape -> new TensorSpec(shape, layout(random))).toList();
      Problem problem;
      try {
        List<Shape> outputs = drawn.operation.outputShapes(drawn.inputs);
        Layout layout = random.nextInt(3) == 0 ? layout(random) : specs.getFirst().layout();
        problem =
            new Problem(
                drawn.operation, specs, List.of(new TensorSpec(outputs.getFirst(), layout)));
      } catch (IllegalArgumentException _) {
        continue; // no output would be left: draw again
      }
      DataKind[] kinds = DataKind.values();
      return new RandomOperation(problem, kinds[random.nextInt(kinds.length)], random.nextLong());
    }
  }

  private static Drawn draw(Kind kind, SplittableRandom random) {
    Shape shape = shape(random);
    return switch (kind) {
      case ACTIVATE -> of(new Activate(ACTIVATIONS[random.nextInt(ACTIVATIONS.length)]), shape);
      case ADD -> binary(Binary.Function.ADD, shape, random);
      case SUBTRACT -> binary(Binary.Function.SUBTRACT, shape, random);
      case MULTIPLY -> binary(Binary.Function.MULTIPLY, shape, random);
      case DIVIDE -> binary(Binary.Function.DIVIDE, shape, random);
      case POWER -> binary(Binary.Function.POWER, shape, random);
      case MINIMUM -> binary(Binary.Function.MINIMUM, shape, random);
      case MAXIMUM -> binary(Binary.Function.MAXIMUM, shape, random);
      case PRELU -> binary(Binary.Function.PRELU, shape, random);
      case UNARY -> {
        Unary.Function[] functions = Unary.Function.values();
        yield of(new Unary(functions[random.nextInt(functions.length)]), shape);
      }
      case QUANTIZE -> {
        // Steps of 2 make halves of whole numbers.
        float[] steps = {2, 1, 0.25f, 0.3f, 0.0625f, 0.01f};
        float step = steps[random.nextInt(steps.length)];
        int zero = random.nextInt(-20, 20);
        int most = random.nextBoolean() ? 127 : 7;
        yield of(
            switch (random.nextInt(3)) {
              case 0 -> Quantize.toWhole(step, zero, -most - 1, most);
              case 1 -> Quantize.fromWhole(step, zero, -most - 1, most);
              default -> Quantize.steps(step, zero, -most - 1, most);
            },
            shape);
      }
      case SQUARE_ROOT -> of(new SquareRoot(), shape);
      case BATCH_NORM -> of(new BatchNormalization(shape.c()), shape);
      case MAX_POOL -> of(RandomWindows.pool(Pool2d.Function.MAX, random), shape);
      case AVERAGE_POOL -> of(RandomWindows.pool(Pool2d.Function.AVERAGE, random), shape);
      case GLOBAL_AVERAGE_POOL -> of(Reduce.globalAveragePool(), shape);
      case REDUCE -> {
        Reduce.Function[] functions = Reduce.Function.values();
        yield of(new Reduce(functions[random.nextInt(functions.length)], axes(random)), shape);
      }
      case SOFTMAX -> of(new Softmax(axis(random)), shape);
      case MATRIX_PRODUCT -> {
        int depth = 1 + random.nextInt(40);
        Shape first = new Shape(shape.n(), shape.c(), shape.h(), depth);
        Shape second =
            new Shape(
                random.nextBoolean() ? shape.n() : 1,
                random.nextBoolean() ? shape.c() : 1,
                depth,
                shape.w());
        yield new Drawn(new MatrixProduct(), List.of(first, second));
      }
      case CONCAT -> {
        Axis axis = axis(random);
        List<Shape> inputs = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
          inputs.add(axis.with(shape, 1 + random.nextInt(20)));
        }
        yield new Drawn(new Concat(axis, inputs.size()), inputs);
      }
      case SLICE -> {
        Axis axis = axis(random);
        int start = random.nextInt(axis.size(shape));
        int end = random.nextBoolean() ? Slice.TO_END : start + 1 + random.nextInt(8);
        yield of(new Slice(axis, start, end, 1 + random.nextInt(3)), shape);
      }
      case GATHER -> {
        if (random.nextBoolean()) {
          int groups = 1 + random.nextInt(4);
          Shape grouped = Axis.CHANNEL.with(shape, groups * (1 + random.nextInt(10)));
          yield of(Gather.channelShuffle(grouped.c(), groups), grouped);
        }
        Axis axis = axis(random);
        List<Integer> indices = new ArrayList<>();
        for (int i = random.nextInt(12); i >= 0; i--) {
          indices.add(random.nextInt(axis.size(shape)));
        }
        yield of(new Gather(axis, indices), shape);
      }
      case PAD -> {
        Padding.Explicit sides =
            new Padding.Explicit(
                random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4));
        Pad.Mode mode = Pad.Mode.values()[random.nextInt(2)];
        yield of(new Pad(sides, mode, random.nextInt(-2, 3)), shape);
      }
      case TRANSPOSE -> {
        List<Axis> order = new ArrayList<>();
        List<Axis> left = new ArrayList<>(List.of(Axis.values()));
        while (!left.isEmpty()) {
          order.add(left.remove(random.nextInt(left.size())));
        }
        yield of(new Transpose(order), shape);
      }
      case RESHAPE ->
          of(
              random.nextBoolean()
                  ? Reshape.flatten()
                  : new Reshape(
                      Reshape.AS_INPUT, shape.h(), Reshape.REST, random.nextInt(2) * shape.c()),
              shape);
      case RESIZE_NEAREST -> {
        ResizeNearest.Rounding[] roundings = ResizeNearest.Rounding.values();
        yield of(
            new ResizeNearest(
                RandomWindows.resampling(random), roundings[random.nextInt(roundings.length)]),
            shape);
      }
      case RESIZE_LINEAR -> of(new ResizeLinear(RandomWindows.resampling(random)), shape);
      case DEPTH_TO_SPACE -> {
        int block = 1 + random.nextInt(3);
        DepthToSpace.Order order = DepthToSpace.Order.values()[random.nextInt(2)];
        Shape squares = Axis.CHANNEL.with(shape, block * block * (1 + random.nextInt(20)));
        yield of(new DepthToSpace(block, order), squares);
      }
      case SPACE_TO_DEPTH -> {
        int block = 1 + random.nextInt(3);
        Shape squares =
            new Shape(shape.n(), shape.c(), block * (1 + shape.h() / 3), block * shape.w());
        yield of(new SpaceToDepth(block), squares);
      }
      case TRANSPOSED_CONVOLUTION -> transposed(shape, random);
    };
  }

  private static Drawn transposed(Shape shape, SplittableRandom random) {
    int groups = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(4);
    Shape input = Axis.CHANNEL.with(shape, groups * (1 + random.nextInt(40 / groups)));
    int perGroup = 1 + random.nextInt(random.nextBoolean() ? 3 : 40 / groups);
    int stride = 1 + random.nextInt(3);
    boolean usual = random.nextBoolean();
    int kernelW = usual ? stride : 1 + random.nextInt(4);
    int strideW = usual ? stride : 1 + random.nextInt(3);
    return of(
        TransposedConv2d.of(input.c(), groups * perGroup)
            .kernel(usual ? stride : 1 + random.nextInt(4), kernelW)
            .stride(stride, strideW)
            .dilation(usual ? 1 : 1 + random.nextInt(2), usual ? 1 : 1 + random.nextInt(2))
            .padding(
                new Padding.Explicit(
                    random.nextInt(2),
                    usual ? 0 : random.nextInt(3),
                    random.nextInt(3),
                    usual ? 0 : random.nextInt(2)))
            .outputPadding(random.nextInt(stride), random.nextInt(strideW))
            .groups(groups)
            .bias(random.nextBoolean())
            .activation(ACTIVATIONS[random.nextInt(ACTIVATIONS.length)])
            .build(),
        input);
  }

  private static Drawn of(Operation operation, Shape shape) {
    return new Drawn(operation, List.of(shape));
  }

  private static Drawn binary(Binary.Function function, Shape shape, SplittableRandom random) {
    Shape other =
        switch (random.nextInt(4)) {
          case 0 -> new Shape(shape.n(), shape.c(), 1, 1);
          case 1 -> new Shape(1, random.nextBoolean() ? shape.c() : 1, 1, 1);
          case 2 -> new Shape(shape.n(), 1, shape.h(), random.nextBoolean() ? shape.w() : 1);
          default -> shape;
        };
    List<Shape> inputs = random.nextInt(4) == 0 ? List.of(other, shape) : List.of(shape, other);
    return new Drawn(new Binary(function), inputs);
  }

  private static Shape shape(SplittableRandom random) {
    return new Shape(
        1 + random.nextInt(2),
        1 + random.nextInt(random.nextInt(3) == 0 ? 40 : 10),
        1 + random.nextInt(12),
        1 + random.nextInt(12));
  }

  private static Axis axis(SplittableRandom random) {
    return Axis.values()[random.nextInt(4)];
  }

  private static Set<Axis> axes(SplittableRandom random) {
    Set<Axis> axes = EnumSet.of(axis(random));
    axes.add(axis(random));
    return axes;
  }

  private static Layout layout(SplittableRandom random) {
    return Layout.values()[random.nextInt(2)];
  }
}
