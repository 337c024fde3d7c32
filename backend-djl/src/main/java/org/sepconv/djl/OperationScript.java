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
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.SpaceToDepth;
import org.sepconv.Transpose;

/**
 * The TorchScript of operations that are no convolution: each makes a new value, in memory of its
 * own. The engine counts dimensions as {@link Axis} does, whatever the order in memory.
 */
final class OperationScript {
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
          case MINIMUM, MAXIMUM, PRELU ->
              throw new IllegalArgumentException("there is no script of " + function);
        };
    assign("torch.%s%s(%s, %s)", operator, inPlace ? "_" : "", first(), inputs.getLast());
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

  void rearrange(Rearrangement operation, Problem problem) {
    switch (operation) {
      case Concat(Axis axis, _) ->
          assign("torch.cat([%s], %d)", String.join(", ", inputs), axis.ordinal());
      case Slice slice -> slice(slice, problem.source().shape());
      case Gather(Axis axis, List<Integer> indices) ->
          assign(
              "torch.index_select(%s, %d, torch.tensor(%s, dtype=4, device=None, requires_grad=False))",
              first(), axis.ordinal(), indices);
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
      case DepthToSpace _, ResizeNearest _, SpaceToDepth _ ->
          throw new IllegalArgumentException("there is no script of " + operation);
      case Reshape _ -> {
        Shape to = problem.destination().shape();
        copy(
            "torch.reshape(%s, [%d, %d, %d, %d])"
                .formatted(first(), to.n(), to.c(), to.h(), to.w()));
      }
    }
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
