package org.sepconv.djl;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.ConvGeometry;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.SpaceToDepth;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;

/**
 * The TorchScript of operations that are no convolution: each makes a new value, in memory of its
 * own. The engine counts dimensions as {@link Axis} does, whatever the order in memory.
 */
final class OperationScript {
  /** The engine's numbers for its types. */
  private static final int LONG = 4;

  private static final int FLOAT = 6;

  private final ScriptWriter script;
  private final String value;
  private final List<String> inputs;

  /**
   * @param value the variable that is made
   * @param inputs the variables that it is made of
   */
  OperationScript(ScriptWriter script, String value, List<String> inputs) {
    this.script = script;
    this.value = value;
    this.inputs = inputs;
  }

  /**
   * @param inPlace whether the first input gives its memory
   */
  void binary(Binary.Function function, boolean inPlace) {
    String operator =
        switch (function) {
          case ADD -> "add";
          case SUBTRACT -> "sub";
          case MULTIPLY -> "mul";
          case DIVIDE -> "div";
          case POWER -> "pow";
          case MINIMUM -> "minimum";
          case MAXIMUM -> "maximum";
          case PRELU -> "";
        };
    if (function == Binary.Function.PRELU) {
      // torch.prelu takes one slope for each channel only.
      script.assign("p", "torch.mul(%s, %s)", first(), inputs.getLast());
      assign("torch.where(torch.lt(%s, 0.), p, %s)", first(), first());
      return;
    }
    boolean replaces = inPlace && !operator.endsWith("imum"); // which have no such form
    assign("torch.%s%s(%s, %s)", operator, replaces ? "_" : "", first(), inputs.getLast());
  }

  void unary(Unary.Function function) {
    String name =
        switch (function) {
          case ABSOLUTE -> "abs";
          case NEGATIVE -> "neg";
          case RECIPROCAL -> "reciprocal";
          case EXPONENTIAL -> "exp";
          case LOGARITHM -> "log";
          case ERROR_FUNCTION -> "erf";
        };
    assign("torch.%s(%s)", name, first());
  }

  void quantize(Quantize quantize) {
    assign("torch.div(%s, %s)", first(), ScriptWriter.literal(quantize.step()));
    assign("torch.clamp_(%s, %d., %d.)", value, quantize.lowest(), quantize.highest());
    assign("torch.round_(%s)", value);
    assign("torch.add_(%s, %d.)", value, quantize.offset());
    assign("torch.mul_(%s, %s)", value, ScriptWriter.literal(quantize.factor()));
  }

  void squareRoot() {
    assign("torch.sqrt(%s)", first());
  }

  void softmax(Axis axis) {
    assign("torch.softmax(%s, %d)", first(), axis.ordinal());
  }

  void matrixProduct() {
    assign("torch.matmul(%s, %s)", first(), inputs.getLast());
    script.arrange(value, value);
  }

  void reduce(Reduce reduce) {
    String function =
        switch (reduce.function()) {
          case MEAN -> "mean";
          case SUM -> "sum";
          case MAX -> "amax";
        };
    List<Integer> axes = reduce.axes().stream().map(Axis::ordinal).sorted().toList();
    assign("torch.%s(%s, %s, True)", function, first(), axes);
  }

  /**
   * @param parameters variables of gamma, beta, mean and variance
   */
  void batchNorm(List<String> parameters, double epsilon) {
    assign(
        "torch.batch_norm(%s, %s, False, 0., %s, False)",
        first(), String.join(", ", parameters), epsilon);
  }

  void pool(Pool2d pool, Shape input) {
    ConvGeometry geometry = pool.geometry(input);
    Padding.Explicit sides = geometry.padding();
    boolean max = pool.function() == Pool2d.Function.MAX;
    String window =
        "[%d, %d], [%d, %d]"
            .formatted(pool.kernelH(), pool.kernelW(), pool.strideH(), pool.strideW());
    boolean fits =
        sides.symmetric()
            && 2 * sides.top() <= pool.kernelH()
            && 2 * sides.left() <= pool.kernelW();
    String pads = fits ? "[%d, %d]".formatted(sides.top(), sides.left()) : "[0, 0]";
    String padded = fits ? first() : "p";
    if (max) {
      if (!fits) {
        pad(padded, first(), sides, ScriptWriter.literal(Float.NEGATIVE_INFINITY));
      }
      assign("torch.max_pool2d(%s, %s, %s, [1, 1], False)", padded, window, pads);
      return;
    }
    if (fits || pool.countPadding()) {
      if (!fits) {
        pad(padded, first(), sides, "0.");
      }
      String counted = pool.countPadding() ? "True" : "False";
      assign("torch.avg_pool2d(%s, %s, %s, False, %s)", padded, window, pads, counted);
      return;
    }
    // The mean of the window times what part of it there is, divided by that part.
    String mean = "torch.avg_pool2d(%s, " + window + ", [0, 0], False, True)";
    script.assign("q", "torch.ones_like(%s)", first());
    pad("q", "q", sides, "0.");
    script.assign("q", mean, "q");
    pad(padded, first(), sides, "0.");
    assign(mean, padded);
    assign("torch.div_(%s, q)", value);
  }

  /**
   * @param bias the variable of the bias, or {@code None}
   */
  void transposed(TransposedConv2d conv, String filter, String bias, Shape output) {
    Padding.Explicit sides = conv.padding();
    boolean fits = sides.symmetric();
    assign(
        "torch.conv_transpose2d(%s, %s, %s, [%d, %d], [%d, %d], [%d, %d], %d, [%d, %d])",
        first(),
        filter,
        bias,
        conv.strideH(),
        conv.strideW(),
        fits ? sides.top() : 0,
        fits ? sides.left() : 0,
        conv.outputPaddingH(),
        conv.outputPaddingW(),
        conv.groups(),
        conv.dilationH(),
        conv.dilationW());
    if (!fits) {
      String part = "torch.slice(%s, %d, %d, %d, 1)";
      assign(part, value, 2, sides.top(), sides.top() + output.h());
      assign(part, value, 3, sides.left(), sides.left() + output.w());
      assign("torch.clone(%s, memory_format=%d)", value, script.memoryFormat());
    }
    script.activate(value, conv.activation());
  }

  /** Between the rows first, then between the columns. */
  void resize(ResizeLinear resize, Shape input, Shape output) {
    between(
        first(),
        Axis.HEIGHT,
        IntStream.range(0, output.h()).mapToObj(y -> resize.rows(input, y)).toList());
    between(
        value,
        Axis.WIDTH,
        IntStream.range(0, output.w()).mapToObj(x -> resize.columns(input, x)).toList());
  }

  private void between(String from, Axis axis, List<ResizeLinear.Between> places) {
    List<Float> shares = places.stream().map(ResizeLinear.Between::share).toList();
    List<Float> rests = shares.stream().map(share -> 1 - share).toList();
    String row = axis == Axis.HEIGHT ? "[1, 1, %d, 1]" : "[1, 1, 1, %d]";
    String picked = "torch.mul(%s, torch.reshape(%s, " + row.formatted(places.size()) + "))";
    List<Integer> first = places.stream().map(ResizeLinear.Between::first).toList();
    List<Integer> second = places.stream().map(ResizeLinear.Between::second).toList();
    script.assign("p", picked, pick(from, axis, first), tensor(rests, FLOAT));
    script.assign("q", picked, pick(from, axis, second), tensor(shares, FLOAT));
    assign("torch.add(p, q)");
  }

  private static String pick(String from, Axis axis, List<Integer> indices) {
    return "torch.index_select(%s, %d, %s)".formatted(from, axis.ordinal(), tensor(indices, LONG));
  }

  /** Numbers as an array of the engine, made in each run. */
  private static String tensor(List<? extends Number> values, int type) {
    return "torch.tensor(%s, dtype=%d, device=None, requires_grad=False)".formatted(values, type);
  }

  void rearrange(Rearrangement operation, Problem problem) {
    switch (operation) {
      case Concat(Axis axis, _) ->
          assign("torch.cat([%s], %d)", String.join(", ", inputs), axis.ordinal());
      case Slice slice -> slice(slice, problem.source().shape());
      case Gather(Axis axis, List<Integer> indices) -> assign(pick(first(), axis, indices));
      case ResizeNearest nearest -> {
        Shape input = problem.source().shape();
        Shape output = problem.destination().shape();
        assign(pick(first(), Axis.HEIGHT, sources(nearest, input, output, Axis.HEIGHT)));
        assign(pick(value, Axis.WIDTH, sources(nearest, input, output, Axis.WIDTH)));
      }
      case DepthToSpace(int block, DepthToSpace.Order order) -> depthToSpace(block, order, problem);
      case SpaceToDepth(int block) -> {
        Shape to = problem.destination().shape();
        int channels = problem.source().shape().c();
        script.assign(
            "p",
            "torch.reshape(%s, [%d, %d, %d, %d, %d, %d])",
            first(),
            to.n(),
            channels,
            to.h(),
            block,
            to.w(),
            block);
        copy("torch.reshape(torch.permute(p, [0, 3, 5, 1, 2, 4]), %s)".formatted(sizes(to)));
      }
      case Pad(Padding.Explicit sides, Pad.Mode mode, float fill) -> {
        switch (mode) {
          case CONSTANT -> pad(value, first(), sides, ScriptWriter.literal(fill));
          case REFLECT -> assign("torch.reflection_pad2d(%s, %s)", first(), sides(sides));
        }
      }
      case Transpose(List<Axis> order) ->
          copy(
              "torch.permute(%s, %s)"
                  .formatted(first(), order.stream().map(Axis::ordinal).toList()));
      case Reshape _ -> {
        copy("torch.reshape(%s, %s)".formatted(first(), sizes(problem.destination().shape())));
      }
    }
  }

  private void depthToSpace(int block, DepthToSpace.Order order, Problem problem) {
    Shape from = problem.source().shape();
    Shape to = problem.destination().shape();
    String sizes =
        switch (order) {
          case DEPTH_COLUMN_ROW -> "%d, %d, %d".formatted(block, block, to.c());
          case COLUMN_ROW_DEPTH -> "%d, %d, %d".formatted(to.c(), block, block);
        };
    String axes =
        switch (order) {
          case DEPTH_COLUMN_ROW -> "[0, 3, 4, 1, 5, 2]";
          case COLUMN_ROW_DEPTH -> "[0, 1, 4, 2, 5, 3]";
        };
    script.assign(
        "p", "torch.reshape(%s, [%d, %s, %d, %d])", first(), from.n(), sizes, from.h(), from.w());
    copy("torch.reshape(torch.permute(p, %s), %s)".formatted(axes, sizes(to)));
  }

  /** Which row or column of the input each of the output is. */
  private static List<Integer> sources(
      ResizeNearest nearest, Shape input, Shape output, Axis axis) {
    return IntStream.range(0, axis.size(output))
        .map(
            i -> {
              int[] place = {0, 0, 0, 0};
              place[axis.ordinal()] = i;
              nearest.source(List.of(input), output, place);
              return place[axis.ordinal()];
            })
        .boxed()
        .toList();
  }

  private static String sizes(Shape shape) {
    return "[%d, %d, %d, %d]".formatted(shape.n(), shape.c(), shape.h(), shape.w());
  }

  private void slice(Slice slice, Shape input) {
    int end = Math.min(slice.end(), slice.axis().size(input));
    copy(
        "torch.slice(%s, %d, %d, %d, %d)"
            .formatted(first(), slice.axis().ordinal(), slice.start(), end, slice.step()));
  }

  private void pad(String to, String from, Padding.Explicit sides, String fill) {
    script.assign(to, "torch.constant_pad_nd(%s, %s, %s)", from, sides(sides), fill);
  }

  private static String sides(Padding.Explicit sides) {
    return IntStream.of(sides.left(), sides.right(), sides.top(), sides.bottom())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** What may be a view of an input, in memory of its own. */
  private void copy(String view) {
    assign("torch.clone(%s, memory_format=%d)", view, script.memoryFormat());
  }

  private String first() {
    return inputs.getFirst();
  }

  private void assign(String expression, Object... arguments) {
    script.assign(value, expression, arguments);
  }
}
