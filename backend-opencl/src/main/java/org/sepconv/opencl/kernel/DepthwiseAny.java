package org.sepconv.opencl.kernel;

import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;

/**
 * Plans depthwise_any.cl: depthwise convolutions that {@link Depthwise} has no unrolled code of.
 */
final class DepthwiseAny {
  private DepthwiseAny() {}

  static Candidate candidate(Operand operand, ConvWeights weights, Depthwise.Device device) {
    String id = "f32-depthwise-nhwc-any-v%d-%s".formatted(device.width(), device.family());
    return new Candidate(() -> id, plan -> add(plan, operand, weights, device));
  }

  private static void add(
      PlanDraft plan, Operand operand, ConvWeights weights, Depthwise.Device device) {
    ConvGeometry geometry = operand.geometry();
    Conv2d conv = operand.conv();
    int padded = Packing.roundUp(conv.inChannels(), device.width());
    int items = operand.pixels() * (padded / device.width());
    ArgumentList arguments =
        Depthwise.operands(plan, operand, weights, padded)
            .ints(items, conv.inChannels(), padded)
            .ints(geometry.input().h(), geometry.input().w())
            .ints(geometry.output().h(), geometry.output().w())
            .ints(conv.kernelH(), conv.kernelW(), conv.strideH(), conv.strideW())
            .ints(conv.dilationH(), conv.dilationW())
            .ints(geometry.padding().top(), geometry.padding().left());
    plan.launch(
        new Launch(
            new ProgramKey("depthwise_any", Depthwise.constants(conv, device)),
            "depthwise",
            arguments.list(),
            new long[] {Math.ceilDiv((long) items, device.group())},
            new long[] {device.group()}));
  }
}
