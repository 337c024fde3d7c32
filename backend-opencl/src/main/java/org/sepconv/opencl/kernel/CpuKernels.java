package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.machine.HostSpeed;
import org.sepconv.opencl.device.ClDevice;

/** Kernels for CPU devices: no barriers, the device's whole vectors, large register tiles. */
public final class CpuKernels implements KernelFamily {

  /** Pixels of a register tile of two vectors: with 32 vector registers, and with 16. */
  private static final int[] PIXELS_OF_32 = {14, 10, 7, 2};

  private static final int[] PIXELS_OF_16 = {6, 4, 2};

  /** Bytes of a depthwise strip: it is read once for every panel, from the second-level cache. */
  private static final long STRIP_BYTES = 256 << 10;

  /** Work-groups for each core, so that the last ones to finish do not matter much. */
  private static final int GROUPS_PER_UNIT = 4;

  private static final int[] TILES_PER_ITEM = {1, 2, 4, 8, 16};
  private static final int TRANSPOSE_TILE = 16;

  private final ClDevice device;
  private final int computeUnits;
  private final int width;

  /**
   * @param computeUnits those of the device that are used
   */
  public CpuKernels(ClDevice device, int computeUnits) {
    this.device = device;
    this.computeUnits = computeUnits;
    // A device that is not a CPU says 1; its kernels are still right, and 4 is never bad.
    this.width = Math.max(4, Integer.highestOneBit(device.vectorWidth()));
  }

  /** A register tile, and how many of them a work-item computes with how many panels. */
  private record Tile(int pixels, int vectors, int tilesPerItem, int panelsPerItem) {
    String name(int width) {
      return "%dx%dv%d-%dt%dp-cpu".formatted(pixels, vectors, width, tilesPerItem, panelsPerItem);
    }
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public DeviceProfile profile() {
    HostSpeed host = HostSpeed.of(computeUnits);
    return new DeviceProfile(
        "estimated; processor " + host.source(),
        host.ceilings(20e-6),
        Map.of(
            KernelKind.STANDARD, 0.6,
            KernelKind.GROUPED, 0.3,
            KernelKind.DEPTHWISE, 0.15,
            KernelKind.POINTWISE, 0.7));
  }

  @Override
  public List<Candidate> matrix(Operand operand, ConvWeights weights) {
    Conv2d conv = operand.conv();
    int vectors = conv.outputsPerGroup() <= width ? 1 : 2;
    int panels = conv.groups() * Math.ceilDiv(conv.outputsPerGroup(), width * vectors);
    List<Tile> tiles = new ArrayList<>();
    for (int pixels : pixelsByWaste(operand.pixels())) {
      int all = Math.ceilDiv(operand.pixels(), pixels);
      long target = (long) GROUPS_PER_UNIT * 2 * computeUnits;
      int usual = Math.clamp((long) all * panels / target, 1, 16);
      tiles.add(new Tile(pixels, vectors, usual, 1));
      for (int tilesPerItem : TILES_PER_ITEM) {
        if (tilesPerItem != usual && tilesPerItem <= all) {
          tiles.add(new Tile(pixels, vectors, tilesPerItem, 1));
        }
      }
    }
    String kind = isProduct(operand.geometry()) ? "pointwise" : "implicit";
    return tiles.stream()
        .map(
            tile ->
                new Candidate(
                    () -> "f32-%s-nhwc-%s".formatted(kind, tile.name(width)),
                    plan -> addMatrix(plan, operand, weights, tile)))
        .toList();
  }

  /** Whether output pixel i is computed from input pixel i alone. */
  static boolean isProduct(ConvGeometry geometry) {
    Conv2d conv = geometry.conv();
    return conv.kernelH() == 1
        && conv.kernelW() == 1
        && geometry.input().h() == geometry.output().h()
        && geometry.input().w() == geometry.output().w()
        && geometry.padding().top() == 0
        && geometry.padding().left() == 0;
  }

  /** Sizes of register tiles, those first that leave the fewest places of the last one empty. */
  private List<Integer> pixelsByWaste(int pixels) {
    List<Integer> sizes = new ArrayList<>();
    for (int size : width == 16 ? PIXELS_OF_32 : PIXELS_OF_16) {
      sizes.add(size);
    }
    // Small tiles load the weights more often: an overhead as of one and a half pixels for each.
    sizes.sort(
        java.util.Comparator.comparingDouble(size -> Math.ceilDiv(pixels, size) * (size + 1.5)));
    return sizes.subList(0, 3);
  }

  private void addMatrix(PlanDraft plan, Operand operand, ConvWeights weights, Tile tile) {
    ConvGeometry geometry = operand.geometry();
    Conv2d conv = operand.conv();
    boolean product = isProduct(geometry);
    Epilogue epilogue = Epilogue.of(conv.activation());
    int panelWidth = tile.vectors * width;
    int panels = Math.ceilDiv(conv.outputsPerGroup(), panelWidth);
    int channels = conv.channelsPerGroup();
    float[] packed = Packing.panels(conv, weights, panelWidth, product ? 0 : channels);
    int zeros = packed.length - channels;
    ArgumentList arguments =
        new ArgumentList()
            .add(operand.source(), plan.constant(packed))
            .add(plan.constant(Packing.bias(conv, weights, panels * panelWidth)))
            .output(operand)
            .epilogue(epilogue)
            .ints(operand.pixels(), channels, conv.outputsPerGroup(), panels)
            .ints(conv.inChannels(), conv.outChannels(), tile.tilesPerItem, zeros)
            .ints(geometry.input().h(), geometry.input().w())
            .ints(geometry.output().h(), geometry.output().w(), conv.kernelH(), conv.kernelW())
            .ints(conv.strideH(), conv.strideW(), conv.dilationH(), conv.dilationW())
            .ints(geometry.padding().top(), geometry.padding().left());
    Map<String, String> constants = constants(tile, conv.residual(), epilogue);
    if (!product) {
      constants.put("IMPLICIT", "");
    }
    long strips = Math.ceilDiv(operand.pixels(), tile.pixels * tile.tilesPerItem);
    launch(plan, "matrix_cpu", "matrix", constants, arguments, strips, panels * conv.groups());
  }

  private Map<String, String> constants(Tile tile, boolean residual, Epilogue... epilogues) {
    Map<String, String> constants = new HashMap<>(Epilogue.constants(residual, epilogues));
    constants.put("WIDTH", "" + width);
    constants.put("PIXELS", "" + tile.pixels);
    constants.put("VECTORS", "" + tile.vectors);
    return constants;
  }

  private static void launch(
      PlanDraft plan,
      String program,
      String function,
      Map<String, String> constants,
      ArgumentList arguments,
      long columns,
      long rows) {
    plan.launch(
        new Launch(
            new ProgramKey(program, constants),
            function,
            arguments.list(),
            new long[] {columns, rows},
            new long[] {1, 1}));
  }

  @Override
  public List<Candidate> separable(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights) {
    int outputs = pointwise.conv().outChannels();
    int vectors = outputs <= width ? 1 : 2;
    int panels = Math.ceilDiv(outputs, width * vectors);
    int padded = Packing.roundUp(depthwise.conv().outChannels(), width);
    int pixels = pointwise.pixels();
    List<Tile> tiles = new ArrayList<>();
    for (int size : pixelsByWaste(pixels)) {
      int all = Math.ceilDiv(pixels, size);
      long room = Math.min(STRIP_BYTES, device.localMemory()) / (4L * size * padded);
      if (room == 0) {
        continue;
      }
      int target = GROUPS_PER_UNIT * computeUnits;
      int usual = Math.clamp(all / target, 1, (int) room);
      int parts = Math.clamp(Math.ceilDiv(target, Math.ceilDiv(all, usual)), 1, panels);
      tiles.add(new Tile(size, vectors, usual, Math.ceilDiv(panels, parts)));
      for (int tilesPerItem : TILES_PER_ITEM) {
        for (int divided : new int[] {1, 2, 4, 8}) {
          Tile tile = new Tile(size, vectors, tilesPerItem, Math.ceilDiv(panels, divided));
          boolean sensible = tilesPerItem <= Math.min(all, room) && divided <= panels;
          if (sensible && !tiles.contains(tile)) {
            tiles.add(tile);
          }
        }
      }
    }
    Conv2d conv = depthwise.conv();
    return tiles.stream()
        .map(
            tile ->
                new Candidate(
                    () ->
                        "f32-separable-nhwc-%dx%ds%d-%s"
                            .formatted(
                                conv.kernelH(), conv.kernelW(), conv.strideH(), tile.name(width)),
                    plan -> addSeparable(plan, depthwise, taps, pointwise, weights, tile)))
        .toList();
  }

  private void addSeparable(
      PlanDraft plan,
      Operand depthwise,
      ConvWeights taps,
      Operand pointwise,
      ConvWeights weights,
      Tile tile) {
    ConvGeometry geometry = depthwise.geometry();
    Conv2d first = depthwise.conv();
    Conv2d second = pointwise.conv();
    Epilogue between = Epilogue.of(first.activation());
    Epilogue last = Epilogue.of(second.activation());
    int padded = Packing.roundUp(first.outChannels(), width);
    int panelWidth = tile.vectors * width;
    int panels = Math.ceilDiv(second.outChannels(), panelWidth);
    long stripBytes = 4L * tile.pixels * tile.tilesPerItem * padded;
    ArgumentList arguments =
        new ArgumentList()
            .add(depthwise.source(), plan.constant(Packing.taps(first, taps, padded)))
            .add(
                plan.constant(
                    java.util.Arrays.copyOf(taps.biasOrZeros(first.outChannels()), padded)))
            .add(plan.constant(Packing.panels(second, weights, panelWidth, 0)))
            .add(plan.constant(Packing.bias(second, weights, panels * panelWidth)))
            .output(pointwise)
            .add(new Argument.Local(stripBytes))
            .epilogue(between)
            .epilogue(last)
            .ints(pointwise.pixels(), first.inChannels(), second.outChannels())
            .ints(tile.tilesPerItem, tile.panelsPerItem)
            .ints(geometry.input().h(), geometry.input().w())
            .ints(geometry.output().h(), geometry.output().w())
            .ints(first.strideH(), first.strideW(), first.dilationH(), first.dilationW())
            .ints(geometry.padding().top(), geometry.padding().left());
    Map<String, String> constants = constants(tile, second.residual(), between, last);
    constants.put("KERNEL_H", "" + first.kernelH());
    constants.put("KERNEL_W", "" + first.kernelW());
    long strips = Math.ceilDiv(pointwise.pixels(), tile.pixels * tile.tilesPerItem);
    long parts = Math.ceilDiv(panels, tile.panelsPerItem);
    launch(plan, "separable_cpu", "separable", constants, arguments, strips, parts);
  }

  @Override
  public List<Candidate> depthwise(Operand operand, ConvWeights weights) {
    int channels = operand.conv().inChannels();
    int lanes = channels <= 4 ? 4 : width;
    return DepthwiseKernel.candidates(
        operand,
        weights,
        List.of(tile(2, 4), tile(1, 4), tile(2, 2), tile(1, 7), tile(1, 1)),
        new DepthwiseKernel.Device(name(), lanes, 1, Integer.MAX_VALUE, true, false));
  }

  private static DepthwiseKernel.Tile tile(int rows, int columns) {
    return new DepthwiseKernel.Tile(rows, columns);
  }

  @Override
  public Launch transpose(
      Argument source, Argument destination, int images, int rows, int columns) {
    long[] groups = {
      Math.ceilDiv(columns, TRANSPOSE_TILE), Math.ceilDiv(rows, TRANSPOSE_TILE), images
    };
    return new Launch(
        new ProgramKey(
            "transpose", Map.of("ACT", "CLAMP", "WIDTH", "1", "TILE", "" + TRANSPOSE_TILE)),
        "transpose",
        new ArgumentList().add(source, destination).ints(rows, columns).list(),
        groups,
        new long[] {1, 1, 1});
  }

  @Override
  public Candidate direct(Operand operand, ConvWeights weights, Layout source, Layout destination) {
    return DirectKernel.candidate(operand, weights, source, destination, 16);
  }
}
