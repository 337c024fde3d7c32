package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;

/**
 * The kernels of an operation that is no convolution, one after the other:
 *
 * <pre>
 *   arithmetic                                        elementwise, batch norm, in any layouts
 *   rearrange                                         rearrangements, in any layouts
 *   reduction                                         in any layouts
 *   reduction, arithmetic, reduction, arithmetic      softmax, in any layouts
 *   [transpose], pool, linear resize or transposed, [transpose]      in NHWC
 *   [transpose], product or a copy, [transpose]       matrix products, reshapes: in NCHW
 * </pre>
 */
public final class OperationDraft {
  private final PlanDraft plan = new PlanDraft();
  private final List<String> kernels = new ArrayList<>();
  private final KernelFamily family;
  private final Problem problem;

  private OperationDraft(KernelFamily family, Problem problem) {
    this.family = family;
    this.problem = problem;
  }

  /**
   * Drafts an operation.
   *
   * @throws IllegalArgumentException if it is a convolution or a graph, which have others to draft
   *     them
   */
  public static OperationDraft of(KernelFamily family, Problem problem, Weights weights) {
    OperationDraft draft = new OperationDraft(family, problem);
    draft.add(weights);
    return draft;
  }

  public PlanDraft plan() {
    return plan;
  }

  /** The ids of the kernels, in the order in which they run. */
  public List<String> kernels() {
    return kernels;
  }

  private void add(Weights weights) {
    Shape output = problem.destination().shape();
    switch (problem.operation()) {
      case Elementwise operation -> elementwise(operation);
      case BatchNormalization _ -> batchNorm((BatchNorm) weights);
      case Reshape _ -> reshape();
      case Rearrangement operation -> kernels.add(Rearrange.add(plan, family, operation, problem));
      case Reduce reduce ->
          kernels.add(
              Reduction.add(
                  plan,
                  family,
                  reduce,
                  Argument.SOURCE,
                  problem.source(),
                  new Argument.Destination(),
                  problem.destination()));
      case Softmax softmax -> softmax(softmax);
      case Pool2d pool -> inNhwc((from, to) -> Pool.add(plan, family, pool, shape(0), from, to));
      case ResizeLinear resize ->
          inNhwc((from, to) -> LinearResize.add(plan, family, resize, shape(0), output, from, to));
      case TransposedConv2d conv ->
          inNhwc(
              (from, to) ->
                  Transposed.add(
                      plan, family, conv, (ConvWeights) weights, shape(0), output, from, to));
      case MatrixProduct _ -> product(output);
      case Convolution _, Graph _ ->
          throw new IllegalArgumentException("drafted elsewhere: " + problem.operation());
    }
  }

  private Shape shape(int input) {
    return problem.inputs().get(input).shape();
  }

  private Arithmetic.Input input(int number) {
    return new Arithmetic.Input(new Argument.Input(number), problem.inputs().get(number));
  }

  private void elementwise(Elementwise operation) {
    switch (operation) {
      case Activate(Activation activation) -> activate(activation);
      case Binary(Binary.Function function) -> apply(function.name(), input(0), input(1));
      case Quantize quantize -> quantize(quantize);
      case SquareRoot _ -> apply("SQUARE_ROOT", input(0));
      case Unary(Unary.Function function) -> apply(function.name(), input(0));
    }
  }

  private void activate(Activation activation) {
    kernels.add(
        Arithmetic.activate(
            plan, family, activation, input(0), new Argument.Destination(), problem.destination()));
  }

  private void quantize(Quantize quantize) {
    Argument destination = new Argument.Destination();
    kernels.add(
        Arithmetic.steps(
            plan,
            family,
            new Activation.Clamp(quantize.lowest(), quantize.highest()),
            input(0),
            number(quantize.step()),
            destination,
            problem.destination()));
    apply(
        Arithmetic.SCALED_SUM,
        new Arithmetic.Input(destination, problem.destination()),
        number(quantize.offset()),
        number(quantize.factor()));
  }

  /** The same for all values. */
  private Arithmetic.Input number(float value) {
    return new Arithmetic.Input(
        plan.constant(new float[] {value}), TensorSpec.nhwc(Shape.of(1, 1, 1)));
  }

  private void apply(String function, Arithmetic.Input... inputs) {
    kernels.add(
        Arithmetic.apply(
            plan,
            family,
            function,
            List.of(inputs),
            new Argument.Destination(),
            problem.destination()));
  }

  private void batchNorm(BatchNorm norm) {
    int channels = shape(0).c();
    float[] scales = new float[channels];
    float[] shifts = new float[channels];
    for (int c = 0; c < channels; c++) {
      scales[c] = (float) norm.scale(c);
      shifts[c] = (float) norm.shift(c);
    }
    TensorSpec each = TensorSpec.nhwc(Shape.of(channels, 1, 1));
    apply(
        Arithmetic.AFFINE,
        input(0),
        new Arithmetic.Input(plan.constant(scales), each),
        new Arithmetic.Input(plan.constant(shifts), each));
  }

  /** The largest of each line, the exponentials of what is left, their sum, the quotients. */
  private void softmax(Softmax softmax) {
    TensorSpec output = problem.destination();
    TensorSpec line = output.withShape(softmax.axis().with(output.shape(), 1));
    Set<Axis> axis = EnumSet.of(softmax.axis());
    Argument largest = plan.scratch(line.bytes());
    Argument sum = plan.scratch(line.bytes());
    Argument destination = new Argument.Destination();
    Reduce max = new Reduce(Reduce.Function.MAX, axis);
    kernels.add(Reduction.add(plan, family, max, Argument.SOURCE, problem.source(), largest, line));
    apply(Arithmetic.SHIFTED_EXPONENTIAL, input(0), new Arithmetic.Input(largest, line));
    Reduce all = new Reduce(Reduce.Function.SUM, axis);
    kernels.add(Reduction.add(plan, family, all, destination, output, sum, line));
    apply(
        Binary.Function.DIVIDE.name(),
        new Arithmetic.Input(destination, output),
        new Arithmetic.Input(sum, line));
  }

  private void product(Shape output) {
    Argument first = turned(0, Layout.NCHW);
    Argument second = turned(1, Layout.NCHW);
    TensorSpec wanted = problem.destination();
    Argument to = target(Layout.NCHW);
    kernels.add(Product.add(plan, family, shape(0), shape(1), output, first, second, to));
    turnBack(to, wanted);
  }

  /** Values keep their places in N, C, H, W order. */
  private void reshape() {
    TensorSpec wanted = problem.destination();
    Argument from = turned(0, Layout.NCHW);
    if (isTurned(wanted, Layout.NCHW)) {
      turnBack(from, wanted);
    } else if (from instanceof Argument.Input) {
      TensorSpec alike = wanted.withLayout(Layout.NCHW);
      Arithmetic.Input source = new Arithmetic.Input(from, alike);
      kernels.add(
          Arithmetic.activate(
              plan, family, Activation.NONE, source, new Argument.Destination(), alike));
    }
  }

  /** What adds a kernel between two tensors, and says its id. */
  private interface Kernel {
    String add(Argument source, Argument destination);
  }

  private void inNhwc(Kernel kernel) {
    Argument from = turned(0, Layout.NHWC);
    Argument to = target(Layout.NHWC);
    kernels.add(kernel.add(from, to));
    turnBack(to, problem.destination());
  }

  /** An input in this order, turned around if need be. */
  private Argument turned(int input, Layout layout) {
    TensorSpec spec = problem.inputs().get(input);
    Argument from = new Argument.Input(input);
    if (!isTurned(spec, layout)) {
      return from;
    }
    // A reshape that is wanted in the order that this makes needs no copy behind it.
    boolean last =
        problem.operation() instanceof Reshape && !isTurned(problem.destination(), layout);
    Argument to = last ? new Argument.Destination() : plan.scratch(spec.bytes());
    turn(from, to, spec.shape(), layout);
    return to;
  }

  /** Where to compute the output in this order. */
  private Argument target(Layout layout) {
    TensorSpec wanted = problem.destination();
    return isTurned(wanted, layout) ? plan.scratch(wanted.bytes()) : new Argument.Destination();
  }

  /** Turns the output from where it was computed to its own order, if that is another place. */
  private void turnBack(Argument from, TensorSpec wanted) {
    if (!(from instanceof Argument.Destination)) {
      turn(from, new Argument.Destination(), wanted.shape(), wanted.layout());
    }
  }

  private void turn(Argument from, Argument to, Shape shape, Layout layout) {
    int pixels = shape.h() * shape.w();
    boolean channelsLast = layout == Layout.NHWC;
    int rows = channelsLast ? shape.c() : pixels;
    plan.launch(family.transpose(from, to, shape.n(), rows, channelsLast ? pixels : shape.c()));
    kernels.add(channelsLast ? "f32-nchw-nhwc" : "f32-nhwc-nchw");
  }

  /** Whether values lie in another order than in this layout. */
  private static boolean isTurned(TensorSpec spec, Layout layout) {
    Shape shape = spec.shape();
    return spec.layout() != layout && shape.c() > 1 && shape.h() * shape.w() > 1;
  }
}
