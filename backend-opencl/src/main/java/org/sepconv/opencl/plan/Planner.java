package org.sepconv.opencl.plan;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.Argument;
import org.sepconv.opencl.kernel.Candidate;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.kernel.Operand;
import org.sepconv.opencl.kernel.PlanDraft;
import org.sepconv.spi.Support;

/**
 * Chooses kernels for a convolution and puts them in order:
 *
 * <pre>
 *   [NCHW to NHWC]  -&gt;  depthwise | matrix | separable  -&gt;  [NHWC to NCHW]
 *   a residual that is NCHW is turned to where the output goes, which replaces it
 *   direct, where no other kernel knows the convolution, in any layout
 * </pre>
 */
public final class Planner {

  /** Kernel sizes whose taps a fused kernel unrolls: those that networks have. */
  private static final List<Integer> FUSED_KERNELS = List.of(3, 5);

  private final ClContext context;
  private final KernelFamily family;
  private final Chooser chooser;

  public Planner(ClContext context, KernelFamily family, Chooser chooser) {
    this.context = context;
    this.family = family;
    this.chooser = chooser;
  }

  /** A plan and what it consists of. */
  public record Planned(String kernel, KernelPlan plan) {}

  public Planned conv2d(Conv2d conv, ConvWeights weights, Problem problem) {
    TensorSpec source = problem.source();
    TensorSpec destination = problem.destination();
    var geometry = conv.geometry(source.shape());
    if (candidates(weights, Tensors.GIVEN.operand(geometry)).isEmpty()) {
      Operand operand = Tensors.GIVEN.operand(geometry);
      Candidate direct = family.direct(operand, weights, source.layout(), destination.layout());
      PlanDraft plan = new PlanDraft();
      direct.plan().accept(plan);
      return new Planned(direct.id(), KernelPlan.build(context, plan));
    }
    return inNhwc(
        conv.toString(),
        source,
        destination,
        conv.residual(),
        tensors -> candidates(weights, tensors.operand(geometry)));
  }

  /** What the kernels between the conversions work on. */
  private record Tensors(Argument source, Argument residual, Argument destination) {

    /** Where nothing is converted. */
    private static final Tensors GIVEN =
        new Tensors(new Argument.Source(), new Argument.Residual(), new Argument.Destination());

    Operand operand(ConvGeometry geometry) {
      return new Operand(source, residual, destination, geometry);
    }
  }

  private List<Candidate> candidates(ConvWeights weights, Operand operand) {
    Conv2d conv = operand.conv();
    if (conv.groups() == conv.inChannels()) {
      // With a multiplier, a matrix product of each channel would be of depth KH x KW only.
      return conv.outputsPerGroup() == 1 ? family.depthwise(operand, weights) : List.of();
    }
    return family.matrix(operand, weights);
  }

  /** Whether fused kernels may know this, or why not. */
  public static Support fuses(SeparableConv2d separable) {
    Conv2d depthwise = separable.depthwise();
    if (depthwise.outputsPerGroup() != 1) {
      return new Support.No("depth multiplier " + depthwise.outputsPerGroup());
    }
    if (depthwise.kernelH() != depthwise.kernelW()
        || !FUSED_KERNELS.contains(depthwise.kernelH())) {
      return new Support.No(
          "kernel %dx%d; fused kernels are square, of %s"
              .formatted(depthwise.kernelH(), depthwise.kernelW(), FUSED_KERNELS));
    }
    return Support.YES;
  }

  /** Empty if no kernel of this device fuses it, which {@link #fuses} may know. */
  public Optional<Planned> separable(
      SeparableConv2d separable, SeparableWeights weights, Problem problem) {
    TensorSpec source = problem.source();
    TensorSpec destination = problem.destination();
    Conv2d depthwise = separable.depthwise();
    var window = depthwise.geometry(source.shape());
    var product = separable.pointwise().geometry(window.output());
    Function<Tensors, List<Candidate>> candidates =
        tensors ->
            family.separable(
                tensors.operand(window),
                weights.depthwise(),
                tensors.operand(product),
                weights.pointwise());
    if (candidates.apply(Tensors.GIVEN).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        inNhwc(separable.toString(), source, destination, separable.residual(), candidates));
  }

  private Planned inNhwc(
      String what,
      TensorSpec source,
      TensorSpec destination,
      boolean residual,
      Function<Tensors, List<Candidate>> candidates) {
    int choice =
        chooser.choose(
            what + " on " + source.shape(),
            candidates.apply(Tensors.GIVEN),
            source.shape(),
            destination.shape());
    PlanDraft plan = new PlanDraft();
    Argument from = new Argument.Source();
    StringBuilder id = new StringBuilder();
    if (isTurned(source)) {
      Shape shape = source.shape();
      Argument turned = plan.scratch(shape.bytes());
      plan.launch(family.transpose(from, turned, shape.n(), shape.c(), shape.h() * shape.w()));
      from = turned;
      id.append("f32-nchw-nhwc + ");
    }
    boolean turnBack = isTurned(destination);
    Argument to = turnBack ? plan.scratch(destination.shape().bytes()) : new Argument.Destination();
    if (residual && turnBack) {
      Shape shape = destination.shape();
      plan.launch(
          family.transpose(
              new Argument.Residual(), to, shape.n(), shape.c(), shape.h() * shape.w()));
    }
    Argument added = turnBack ? to : new Argument.Residual();
    Candidate chosen = candidates.apply(new Tensors(from, added, to)).get(choice);
    chosen.plan().accept(plan);
    id.append(chosen.id());
    if (turnBack) {
      Shape shape = destination.shape();
      plan.launch(
          family.transpose(
              to, new Argument.Destination(), shape.n(), shape.h() * shape.w(), shape.c()));
      id.append(" + f32-nhwc-nchw");
    }
    return new Planned(id.toString(), KernelPlan.build(context, plan));
  }

  /** Whether the values lie in another order than in NHWC. */
  private static boolean isTurned(TensorSpec spec) {
    return spec.layout() == Layout.NCHW
        && spec.shape().c() > 1
        && spec.shape().h() * spec.shape().w() > 1;
  }
}
