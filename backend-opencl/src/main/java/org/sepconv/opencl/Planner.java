package org.sepconv.opencl;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/**
 * Chooses kernels for a convolution and puts them in order:
 *
 * <pre>
 *   [NCHW to NHWC]  -&gt;  depthwise | matrix | separable  -&gt;  [NHWC to NCHW]
 *   direct, where no other kernel knows the convolution, in any layout
 * </pre>
 */
final class Planner {

  /** Kernel sizes whose taps a fused kernel unrolls: those that networks have. */
  private static final List<Integer> FUSED_KERNELS = List.of(3, 5);

  private final ClContext context;
  private final KernelFamily family;
  private final Chooser chooser;

  Planner(ClContext context, KernelFamily family, Chooser chooser) {
    this.context = context;
    this.family = family;
    this.chooser = chooser;
  }

  /** A plan and what it consists of. */
  record Planned(String kernel, KernelPlan plan) {}

  Planned conv2d(Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
    var geometry = conv.geometry(source.shape());
    if (candidates(conv, weights, geometry, new Argument.Source(), new Argument.Destination())
        .isEmpty()) {
      Operand operand = new Operand(new Argument.Source(), new Argument.Destination(), geometry);
      Candidate direct =
          DirectKernel.candidate(
              operand, weights, source.layout(), destination.layout(), family.directGroup());
      KernelPlan.Builder plan = new KernelPlan.Builder();
      direct.plan().accept(plan);
      return new Planned(direct.id(), plan.build(context));
    }
    return inNhwc(
        conv.toString(),
        source,
        destination,
        (from, to) -> candidates(conv, weights, geometry, from, to));
  }

  private List<Candidate> candidates(
      Conv2d conv,
      ConvWeights weights,
      org.sepconv.ConvGeometry geometry,
      Argument source,
      Argument destination) {
    Operand operand = new Operand(source, destination, geometry);
    if (conv.groups() == conv.inChannels()) {
      // With a multiplier, a matrix product of each channel would be of depth KH x KW only.
      return conv.outputsPerGroup() == 1 ? family.depthwise(operand, weights) : List.of();
    }
    return family.matrix(operand, weights);
  }

  /** Empty if no kernel fuses this. */
  Optional<Planned> separable(
      SeparableConv2d separable,
      SeparableWeights weights,
      TensorSpec source,
      TensorSpec destination) {
    Conv2d depthwise = separable.depthwise();
    if (depthwise.outputsPerGroup() != 1
        || depthwise.kernelH() != depthwise.kernelW()
        || !FUSED_KERNELS.contains(depthwise.kernelH())) {
      return Optional.empty();
    }
    var window = depthwise.geometry(source.shape());
    var product = separable.pointwise().geometry(window.output());
    BiFunction<Argument, Argument, List<Candidate>> candidates =
        (from, to) ->
            family.separable(
                new Operand(from, to, window),
                weights.depthwise(),
                new Operand(from, to, product),
                weights.pointwise());
    if (candidates.apply(new Argument.Source(), new Argument.Destination()).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(inNhwc(separable.toString(), source, destination, candidates));
  }

  private Planned inNhwc(
      String what,
      TensorSpec source,
      TensorSpec destination,
      BiFunction<Argument, Argument, List<Candidate>> candidates) {
    int choice =
        chooser.choose(
            what + " on " + source.shape(),
            candidates.apply(new Argument.Source(), new Argument.Destination()),
            source.shape(),
            destination.shape());
    KernelPlan.Builder plan = new KernelPlan.Builder();
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
    Candidate chosen = candidates.apply(from, to).get(choice);
    chosen.plan().accept(plan);
    id.append(chosen.id());
    if (turnBack) {
      Shape shape = destination.shape();
      plan.launch(
          family.transpose(
              to, new Argument.Destination(), shape.n(), shape.h() * shape.w(), shape.c()));
      id.append(" + f32-nhwc-nchw");
    }
    return new Planned(id.toString(), plan.build(context));
  }

  /** Whether the values lie in another order than in NHWC. */
  private static boolean isTurned(TensorSpec spec) {
    return spec.layout() == Layout.NCHW
        && spec.shape().c() > 1
        && spec.shape().h() * spec.shape().w() > 1;
  }
}
