package org.sepconv.opencl.kernel;

import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;

/** Plans matrix_cpu.cl: standard, grouped and pointwise convolutions on CPU devices. */
final class MatrixCpu {
  private MatrixCpu() {}

  static Candidate candidate(Operand operand, ConvWeights weights, CpuTile tile) {
    String kind = operand.isProduct() ? "pointwise" : "implicit";
    return new Candidate(
        () -> "f32-%s-nhwc-%s".formatted(kind, tile.name()),
        plan -> add(plan, operand, weights, tile));
  }

  private static void add(PlanDraft plan, Operand operand, ConvWeights weights, CpuTile tile) {
    ConvGeometry geometry = operand.geometry();
    Conv2d conv = operand.conv();
    boolean product = operand.isProduct();
    Epilogue epilogue = Epilogue.of(conv.activation());
    int panels = Math.ceilDiv(conv.outputsPerGroup(), tile.panelWidth());
    int channels = conv.channelsPerGroup();
    float[] packed = Packing.panels(conv, weights, tile.panelWidth(), product ? 0 : channels);
    int zeros = packed.length - channels;
    ArgumentList arguments =
        new ArgumentList()
            .add(operand.source(), plan.constant(packed))
            .add(plan.constant(Packing.bias(conv, weights, panels * tile.panelWidth())))
            .output(operand)
            .epilogue(epilogue)
            .ints(operand.pixels(), channels, conv.outputsPerGroup(), panels)
            .ints(conv.inChannels(), conv.outChannels(), tile.tilesPerItem(), zeros)
            .ints(geometry.input().h(), geometry.input().w())
            .ints(geometry.output().h(), geometry.output().w(), conv.kernelH(), conv.kernelW())
            .ints(conv.strideH(), conv.strideW(), conv.dilationH(), conv.dilationW())
            .ints(geometry.padding().top(), geometry.padding().left());
    Map<String, String> constants = tile.constants(conv.residual(), epilogue);
    if (!product) {
      constants.put("IMPLICIT", "");
    }
    plan.launch(
        new Launch(
            new ProgramKey("matrix_cpu", constants),
            "matrix",
            arguments.list(),
            new long[] {tile.strips(operand.pixels()), (long) panels * conv.groups()},
            new long[] {1, 1}));
  }
}
