package org.sepconv.opencl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.Argument;
import org.sepconv.opencl.kernel.Candidate;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.kernel.Operand;
import org.sepconv.opencl.kernel.OperationDraft;
import org.sepconv.opencl.kernel.PlanDraft;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Support;

/**
 * Chooses kernels for an operation and puts them in order; of a convolution:
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

  /**
   * A plan and what it consists of.
   *
   * @param considered the kernels that run, and those that were not chosen
   */
  public record Planned(String kernel, KernelPlan plan, List<KernelCandidate> considered) {
    public Planned {
      considered = List.copyOf(considered);
    }
  }

  public Planned conv2d(Conv2d conv, ConvWeights weights, Problem problem) {
    Operand operand = Operand.ofPlan(conv.geometry(problem.source().shape()));
    List<Candidate> candidates = candidates(weights, operand);
    if (!candidates.isEmpty()) {
      return inNhwc(problem, candidates);
    }
    Candidate direct =
        family.direct(operand, weights, problem.source().layout(), problem.destination().layout());
    PlanDraft plan = new PlanDraft();
    direct.plan().accept(plan);
    return new Planned(
        direct.id(),
        KernelPlan.build(context, plan),
        List.of(KernelCandidate.taken(direct.id(), "no faster kernel knows this convolution")));
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
    var window = separable.depthwise().geometry(problem.source().shape());
    var product = separable.pointwise().geometry(window.output());
    List<Candidate> candidates =
        family.separable(
            Operand.ofPlan(window),
            weights.depthwise(),
            Operand.ofPlan(product),
            weights.pointwise());
    return candidates.isEmpty() ? Optional.empty() : Optional.of(inNhwc(problem, candidates));
  }

  /** What is neither a convolution nor a graph. */
  public Planned operation(Problem problem, Weights weights) {
    OperationDraft draft = OperationDraft.of(family, problem, weights);
    return new Planned(
        String.join(" + ", draft.kernels()),
        KernelPlan.build(context, draft.plan()),
        draft.kernels().stream()
            .map(kernel -> KernelCandidate.taken(kernel, "the only kernel for it"))
            .toList());
  }

  private Planned inNhwc(Problem problem, List<Candidate> candidates) {
    Shape in = problem.source().shape();
    Shape out = problem.destination().shape();
    int choice = chooser.choose(problem.operation() + " on " + in, candidates, in, out);
    List<KernelCandidate> considered = new ArrayList<>();
    PlanDraft plan = new PlanDraft();
    Argument from = Argument.SOURCE;
    if (isTurned(problem.source())) {
      Argument turned = plan.scratch(in.bytes());
      plan.launch(family.transpose(from, turned, in.n(), in.c(), in.h() * in.w()));
      from = turned;
      considered.add(KernelCandidate.taken("f32-nchw-nhwc", "the others read NHWC"));
    }
    boolean turnBack = isTurned(problem.destination());
    Argument to = turnBack ? plan.scratch(out.bytes()) : new Argument.Destination();
    if (problem.convolution().residual() && turnBack) {
      plan.launch(family.transpose(Argument.RESIDUAL, to, out.n(), out.c(), out.h() * out.w()));
    }
    plan.add(candidates.get(choice), from, turnBack ? to : Argument.RESIDUAL, to);
    considered.add(KernelCandidate.taken(candidates.get(choice).id(), chooser.reason()));
    if (turnBack) {
      plan.launch(
          family.transpose(to, new Argument.Destination(), out.n(), out.h() * out.w(), out.c()));
      considered.add(KernelCandidate.taken("f32-nhwc-nchw", "the output is wanted in NCHW"));
    }
    String kernel =
        considered.stream().map(KernelCandidate::kernel).collect(Collectors.joining(" + "));
    for (int i = 0; i < candidates.size(); i++) {
      if (i != choice) {
        String other = candidates.get(i).id();
        considered.add(KernelCandidate.refused(other, "not " + chooser.reason()));
      }
    }
    return new Planned(kernel, KernelPlan.build(context, plan), considered);
  }

  /** Whether the values lie in another order than in NHWC. */
  private static boolean isTurned(TensorSpec spec) {
    return spec.layout() == Layout.NCHW
        && spec.shape().c() > 1
        && spec.shape().h() * spec.shape().w() > 1;
  }
}
