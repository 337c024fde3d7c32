package org.sepconv.opencl.kernel;

import java.util.Arrays;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;

/** Plans separable_cpu.cl: a depthwise and a pointwise convolution in one, on CPU devices. */
final class SeparableCpu {
  private SeparableCpu() {}

  static Candidate candidate(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights, CpuTile tile) {
    Conv2d conv = depthwise.conv();
    return new Candidate(
        () ->
            "f32-separable-nhwc-%dx%ds%d-%s"
                .formatted(conv.kernelH(), conv.kernelW(), conv.strideH(), tile.name()),
        plan -> add(plan, depthwise, taps, pointwise, weights, tile));
  }

  /** Bytes that a pixel of the strip takes in local memory. */
  static long pixelBytes(Conv2d depthwise, int width) {
    return 4L * Packing.roundUp(depthwise.outChannels(), width);
  }

  private static void add(
      PlanDraft plan,
      Operand depthwise,
      ConvWeights taps,
      Operand pointwise,
      ConvWeights weights,
      CpuTile tile) {
    ConvGeometry geometry = depthwise.geometry();
    Conv2d first = depthwise.conv();
    Conv2d second = pointwise.conv();
    Epilogue between = Epilogue.of(first.activation());
    Epilogue last = Epilogue.of(second.activation());
    int padded = Packing.roundUp(first.outChannels(), tile.width());
    int panels = Math.ceilDiv(second.outChannels(), tile.panelWidth());
    long stripBytes = (long) tile.pixels() * tile.tilesPerItem() * pixelBytes(first, tile.width());
    ArgumentList arguments =
        new ArgumentList()
            .add(depthwise.source(), plan.constant(Packing.taps(first, taps, padded)))
            .add(plan.constant(Arrays.copyOf(taps.biasOrZeros(first.outChannels()), padded)))
            .add(plan.constant(Packing.panels(second, weights, tile.panelWidth(), 0)))
            .add(plan.constant(Packing.bias(second, weights, panels * tile.panelWidth())))
            .output(pointwise)
            .add(new Argument.Local(stripBytes))
            .epilogue(between)
            .epilogue(last)
            .ints(pointwise.pixels(), first.inChannels(), second.outChannels())
            .ints(tile.tilesPerItem(), tile.panelsPerItem())
            .ints(geometry.input().h(), geometry.input().w())
            .ints(geometry.output().h(), geometry.output().w())
            .ints(first.strideH(), first.strideW(), first.dilationH(), first.dilationW())
            .ints(geometry.padding().top(), geometry.padding().left());
    Map<String, String> constants = tile.constants(second.residual(), between, last);
    constants.put("KERNEL_H", "" + first.kernelH());
    constants.put("KERNEL_W", "" + first.kernelW());
    long parts = Math.ceilDiv(panels, tile.panelsPerItem());
    plan.launch(
        new Launch(
            new ProgramKey("separable_cpu", constants),
            "separable",
            arguments.list(),
            new long[] {tile.strips(pointwise.pixels()), parts},
            new long[] {1, 1}));
  }
}
