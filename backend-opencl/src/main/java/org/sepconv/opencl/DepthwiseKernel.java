package org.sepconv.opencl;

import java.util.HashMap;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;

/** Plans depthwise.cl, which both families use with other tiles. */
final class DepthwiseKernel {

  /** Input columns and rows under a tile, and taps, beyond which the unrolled code is too long. */
  private static final int MOST_UNROLLED = 16;

  private static final int MOST_TAPS = 49;

  private DepthwiseKernel() {}

  /**
   * A register tile.
   *
   * @param width channels of a vector
   * @param group work-items of a work-group
   * @param tilesPerItem tiles of a row that a work-item computes
   * @param interiorPath whether tiles without padding have code without border checks
   */
  record Tile(
      int width, int rows, int columns, int group, int tilesPerItem, boolean interiorPath) {}

  static boolean supports(Conv2d conv) {
    return conv.groups() == conv.inChannels()
        && conv.outputsPerGroup() == 1
        && conv.effectiveKernelH() <= MOST_UNROLLED
        && conv.effectiveKernelW() <= MOST_UNROLLED
        && conv.kernelH() * conv.kernelW() <= MOST_TAPS;
  }

  static boolean fits(Conv2d conv, Tile tile) {
    return (tile.rows - 1) * conv.strideH() + conv.effectiveKernelH() <= MOST_UNROLLED
        && (tile.columns - 1) * conv.strideW() + conv.effectiveKernelW() <= MOST_UNROLLED;
  }

  static Candidate candidate(Operand operand, ConvWeights weights, Tile tile, String family) {
    Conv2d conv = operand.conv();
    String id =
        "f32-depthwise-nhwc-%dx%ds%d-%dx%dv%d-%s"
            .formatted(
                conv.kernelH(),
                conv.kernelW(),
                conv.strideH(),
                tile.rows,
                tile.columns,
                tile.width,
                family);
    return new Candidate(id, plan -> add(plan, operand, weights, tile));
  }

  private static void add(
      KernelPlan.Builder plan, Operand operand, ConvWeights weights, Tile tile) {
    ConvGeometry geometry = operand.geometry();
    Conv2d conv = operand.conv();
    Epilogue epilogue = Epilogue.of(conv.activation());
    int channels = conv.inChannels();
    int padded = Packing.roundUp(channels, tile.width);
    int outH = geometry.output().h();
    int outW = geometry.output().w();
    int columnItems = Math.ceilDiv(outW, tile.columns * tile.tilesPerItem);
    int items =
        geometry.output().n() * Math.ceilDiv(outH, tile.rows) * columnItems * (padded / tile.width);
    float[] bias = java.util.Arrays.copyOf(weights.biasOrZeros(channels), padded);
    ArgumentList arguments =
        new ArgumentList()
            .add(operand.source(), plan.constant(Packing.taps(conv, weights, padded)))
            .add(plan.constant(bias), operand.destination())
            .epilogue(epilogue)
            .ints(items, channels, padded, geometry.input().h(), geometry.input().w(), outH, outW)
            .ints(geometry.padding().top(), geometry.padding().left(), tile.tilesPerItem);
    long[] groups = {Math.ceilDiv((long) items, tile.group)};
    plan.launch(
        new Launch(
            new ProgramKey("depthwise", constants(conv, tile, epilogue)),
            "depthwise",
            arguments.list(),
            groups,
            new long[] {tile.group}));
  }

  private static Map<String, String> constants(Conv2d conv, Tile tile, Epilogue epilogue) {
    Map<String, String> constants = new HashMap<>(taps(conv));
    constants.put("WIDTH", "" + tile.width);
    constants.put("TILE_H", "" + tile.rows);
    constants.put("TILE_W", "" + tile.columns);
    constants.put("GROUP", "" + tile.group);
    constants.put("ACT", epilogue.kind());
    if (conv.inChannels() % tile.width == 0) {
      constants.put("ALIGNED", "");
    }
    if (tile.interiorPath) {
      constants.put("INTERIOR_PATH", "");
    }
    return constants;
  }

  /** The constants of a kernel whose taps are unrolled. */
  static Map<String, String> taps(Conv2d conv) {
    return Map.of(
        "KERNEL_H", "" + conv.kernelH(),
        "KERNEL_W", "" + conv.kernelW(),
        "STRIDE_H", "" + conv.strideH(),
        "STRIDE_W", "" + conv.strideW(),
        "DILATION_H", "" + conv.dilationH(),
        "DILATION_W", "" + conv.dilationW());
  }
}
