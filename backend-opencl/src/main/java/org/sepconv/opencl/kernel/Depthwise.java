package org.sepconv.opencl.kernel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;

/** Plans depthwise.cl: the kernels and strides that networks have, in a register tile. */
final class Depthwise {

  /** Kernel sizes that have unrolled code, with stride 1 or 2: those that networks have. */
  private static final List<Integer> UNROLLED = List.of(3, 5, 7);

  /** Columns of input under a tile, each of which takes a register. */
  private static final int MOST_COLUMNS = 13;

  private Depthwise() {}

  /** A register tile of outputs. */
  record Tile(int rows, int columns) {}

  /**
   * What suits a device.
   *
   * @param family for ids
   * @param width channels of a vector
   * @param group work-items of a work-group
   * @param mostTiles tiles of a row that one work-item computes
   * @param interiorPath whether tiles without padding have code without border checks
   * @param aligned whether all vectors of this operand are aligned
   */
  record Device(
      String family, int width, int group, int mostTiles, boolean interiorPath, boolean aligned) {}

  /** Whether there is unrolled code of this kernel and stride. */
  static boolean isUnrolled(Conv2d conv) {
    return UNROLLED.contains(conv.kernelH())
        && conv.kernelW() == conv.kernelH()
        && conv.strideH() <= 2
        && conv.strideW() == conv.strideH()
        && conv.dilationH() == 1
        && conv.dilationW() == 1;
  }

  /** Whether the columns of input under a tile fit into registers. */
  static boolean fits(Conv2d conv, Tile tile) {
    return (tile.columns - 1) * conv.strideW() + conv.kernelW() <= MOST_COLUMNS;
  }

  static Candidate candidate(Operand operand, ConvWeights weights, Tile tile, Device device) {
    Conv2d conv = operand.conv();
    return new Candidate(
        () ->
            "f32-depthwise-nhwc-%dx%ds%d-%dx%dv%d-%s"
                .formatted(
                    conv.kernelH(),
                    conv.kernelW(),
                    conv.strideH(),
                    tile.rows,
                    tile.columns,
                    device.width,
                    device.family),
        plan -> add(plan, operand, weights, tile, device));
  }

  private static void add(
      PlanDraft plan, Operand operand, ConvWeights weights, Tile tile, Device device) {
    ConvGeometry geometry = operand.geometry();
    Conv2d conv = operand.conv();
    int outH = geometry.output().h();
    int outW = geometry.output().w();
    int padded = Packing.roundUp(conv.inChannels(), device.width);
    int tilesPerItem = Math.min(device.mostTiles, Math.ceilDiv(outW, tile.columns));
    int columnItems = Math.ceilDiv(outW, tile.columns * tilesPerItem);
    int rowItems = geometry.output().n() * Math.ceilDiv(outH, tile.rows);
    int items = rowItems * columnItems * (padded / device.width);
    ArgumentList arguments =
        operands(plan, operand, weights, padded)
            .ints(items, conv.inChannels(), padded)
            .ints(geometry.input().h(), geometry.input().w(), outH, outW)
            .ints(geometry.padding().top(), geometry.padding().left(), tilesPerItem);
    Map<String, String> constants = constants(conv, device);
    constants.put("TILE_H", "" + tile.rows);
    constants.put("TILE_W", "" + tile.columns);
    constants.put("KERNEL_H", "" + conv.kernelH());
    constants.put("KERNEL_W", "" + conv.kernelW());
    constants.put("STRIDE_H", "" + conv.strideH());
    constants.put("STRIDE_W", "" + conv.strideW());
    if (device.aligned) {
      constants.put("ALIGNED", "");
    }
    if (device.interiorPath) {
      constants.put("INTERIOR_PATH", "");
    }
    plan.launch(
        new Launch(
            new ProgramKey("depthwise", constants),
            "depthwise",
            arguments.list(),
            new long[] {Math.ceilDiv((long) items, device.group)},
            new long[] {device.group}));
  }

  /** The first arguments, which depthwise_any.cl has as well. */
  static ArgumentList operands(PlanDraft plan, Operand operand, ConvWeights weights, int padded) {
    Conv2d conv = operand.conv();
    return new ArgumentList()
        .add(operand.source(), plan.constant(Packing.taps(conv, weights, padded)))
        .add(plan.constant(Arrays.copyOf(weights.biasOrZeros(conv.outChannels()), padded)))
        .output(operand)
        .epilogue(Epilogue.of(conv.activation()));
  }

  /** The constants that depthwise_any.cl has as well. */
  static Map<String, String> constants(Conv2d conv, Device device) {
    Map<String, String> constants =
        new HashMap<>(Epilogue.constants(conv.residual(), Epilogue.of(conv.activation())));
    constants.put("WIDTH", "" + device.width);
    constants.put("GROUP", "" + device.group);
    return constants;
  }
}
