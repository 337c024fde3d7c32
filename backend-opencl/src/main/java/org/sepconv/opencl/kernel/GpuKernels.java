package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.opencl.device.ClDevice;

/** Kernels for GPUs: work-groups that share tiles in local memory, vectors of four. */
public final class GpuKernels implements KernelFamily {

  /** Blocks of the matrix product, the most work for each loaded value first. */
  private static final List<Block> BLOCKS =
      List.of(
          new Block(128, 128, 8, 8, 8),
          new Block(128, 64, 8, 8, 4),
          new Block(64, 64, 16, 4, 4),
          new Block(32, 64, 16, 4, 4),
          new Block(64, 32, 16, 4, 4),
          new Block(32, 32, 16, 2, 4));

  /** A fused kernel computes the depthwise stage once for each block of outputs. */
  private static final int MOST_RECOMPUTED = 4;

  private static final int TRANSPOSE_TILE = 16;

  private final ClDevice device;
  private final int computeUnits;

  /**
   * @param computeUnits those of the device that are used
   */
  public GpuKernels(ClDevice device, int computeUnits) {
    this.device = device;
    this.computeUnits = computeUnits;
  }

  /** What a work-group computes, {@code depth} products at a time, and a work-item of it. */
  private record Block(int pixels, int outputs, int depth, int itemPixels, int itemOutputs) {

    int group() {
      return pixels / itemPixels * (outputs / itemOutputs);
    }

    long localBytes() {
      return 2L * depth * (pixels + 4 + outputs) * Float.BYTES;
    }

    long groups(int allPixels, int allOutputs) {
      return (long) Math.ceilDiv(allPixels, pixels) * Math.ceilDiv(allOutputs, outputs);
    }

    String name() {
      return "%dx%dx%d-%dx%d-gpu".formatted(pixels, outputs, depth, itemPixels, itemOutputs);
    }
  }

  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public DeviceProfile profile() {
    int clock = Math.max(device.clock(), 500);
    // Lanes that NVIDIA has had in each multiprocessor since Ampere; others have 64 or 128.
    int lanes = device.extensions().contains("cl_nv_device_attribute_query") ? 128 : 64;
    return new DeviceProfile(
        "estimated from %d compute units x %d MHz x %d lanes".formatted(computeUnits, clock, lanes),
        computeUnits * clock * 1e6 * lanes * 2,
        device.unifiedMemory() ? 40e9 : Math.max(100e9, computeUnits * 10e9),
        15e-6,
        Map.of(
            KernelKind.STANDARD, 0.5,
            KernelKind.GROUPED, 0.2,
            KernelKind.DEPTHWISE, 0.1,
            KernelKind.POINTWISE, 0.5));
  }

  /** Blocks that the device can run, the largest that keep it busy first. */
  private List<Block> blocks(int pixels, int outputs, int groups) {
    List<Block> possible =
        new ArrayList<>(
            BLOCKS.stream()
                .filter(block -> block.group() <= device.largestGroup())
                .filter(block -> block.localBytes() <= device.localMemory())
                .toList());
    long busy = computeUnits;
    possible.sort(
        Comparator.comparing(
            block ->
                block.outputs >= 2 * outputs
                    || block.pixels >= 2 * pixels
                    || groups * block.groups(pixels, outputs) < busy)); // stable
    if (possible.isEmpty()
        || possible.getFirst().groups(pixels, outputs) * groups < busy
        || possible.getFirst().outputs >= 2 * outputs) {
      // Nothing fills the device: as many groups as there can be.
      possible.sort(Comparator.comparingLong(block -> -block.groups(pixels, outputs)));
    }
    return possible;
  }

  @Override
  public List<Candidate> matrix(Operand operand, ConvWeights weights) {
    Conv2d conv = operand.conv();
    String kind = CpuKernels.isProduct(operand.geometry()) ? "pointwise" : "implicit";
    return blocks(operand.pixels(), conv.outputsPerGroup(), conv.groups()).stream()
        .map(
            block ->
                new Candidate(
                    () -> "f32-%s-nhwc-%s".formatted(kind, block.name()),
                    plan -> addMatrix(plan, operand, weights, block)))
        .toList();
  }

  private void addMatrix(PlanDraft plan, Operand operand, ConvWeights weights, Block block) {
    Conv2d conv = operand.conv();
    Epilogue epilogue = Epilogue.of(conv.activation());
    Map<String, String> constants =
        constants(block, conv.channelsPerGroup(), conv.residual(), epilogue);
    if (!CpuKernels.isProduct(operand.geometry())) {
      constants.put("IMPLICIT", "");
    }
    ArgumentList arguments = new ArgumentList().add(operand.source());
    addProduct(arguments, plan, operand, operand.geometry(), weights, block);
    launch(plan, constants, arguments, operand, block);
  }

  private static Map<String, String> constants(
      Block block, int channels, boolean residual, Epilogue... epilogues) {
    Map<String, String> constants = new HashMap<>(Epilogue.constants(residual, epilogues));
    constants.put("BLOCK_PIXELS", "" + block.pixels);
    constants.put("BLOCK_OUTPUTS", "" + block.outputs);
    constants.put("BLOCK_DEPTH", "" + block.depth);
    constants.put("ITEM_PIXELS", "" + block.itemPixels);
    constants.put("ITEM_OUTPUTS", "" + block.itemOutputs);
    constants.put("LOAD_WIDTH", channels % 4 == 0 ? "4" : "1");
    constants.put("WIDTH", "4");
    return constants;
  }

  /** The arguments from the weights on, which all three kernels of matrix_gpu.cl have. */
  private static void addProduct(
      ArgumentList arguments,
      PlanDraft plan,
      Operand operand,
      ConvGeometry window,
      ConvWeights weights,
      Block block) {
    Conv2d conv = operand.conv();
    Conv2d taps = window.conv();
    int depth = conv.productsPerOutput();
    int paddedDepth = Packing.roundUp(depth, block.depth);
    int paddedOutputs = Packing.roundUp(conv.outputsPerGroup(), block.outputs);
    arguments
        .add(plan.constant(Packing.matrix(conv, weights, paddedDepth, paddedOutputs)))
        .add(plan.constant(Packing.bias(conv, weights, paddedOutputs)))
        .output(operand)
        .epilogue(Epilogue.of(conv.activation()))
        .ints(operand.pixels(), conv.channelsPerGroup(), conv.outputsPerGroup(), depth)
        .ints(paddedDepth, paddedOutputs, conv.inChannels(), conv.outChannels())
        .ints(window.input().h(), window.input().w(), window.output().h(), window.output().w())
        .ints(taps.kernelW(), taps.strideH(), taps.strideW())
        .ints(taps.dilationH(), taps.dilationW())
        .ints(window.padding().top(), window.padding().left());
  }

  private static void launch(
      PlanDraft plan,
      Map<String, String> constants,
      ArgumentList arguments,
      Operand operand,
      Block block) {
    Conv2d conv = operand.conv();
    long[] groups = {
      Math.ceilDiv(operand.pixels(), block.pixels),
      Math.ceilDiv(conv.outputsPerGroup(), block.outputs),
      conv.groups()
    };
    plan.launch(
        new Launch(
            new ProgramKey("matrix_gpu", constants),
            "matrix",
            arguments.list(),
            groups,
            new long[] {block.group(), 1, 1}));
  }

  @Override
  public List<Candidate> separable(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights) {
    int outputs = pointwise.conv().outChannels();
    Conv2d conv = depthwise.conv();
    List<Candidate> fused = new ArrayList<>();
    List<Candidate> recomputing = new ArrayList<>();
    for (Block block : blocks(pointwise.pixels(), outputs, 1)) {
      boolean often = Math.ceilDiv(outputs, block.outputs) > MOST_RECOMPUTED;
      (often ? recomputing : fused)
          .add(
              new Candidate(
                  () ->
                      "f32-separable-nhwc-%dx%ds%d-%s"
                          .formatted(conv.kernelH(), conv.kernelW(), conv.strideH(), block.name()),
                  plan -> addSeparable(plan, depthwise, taps, pointwise, weights, block)));
    }
    List<Candidate> all = new ArrayList<>();
    all.addAll(fused);
    composed(depthwise, taps, pointwise, weights).forEach(all::add);
    all.addAll(recomputing);
    return all;
  }

  /** One kernel after the other: better where a fused one would compute the first stage often. */
  private List<Candidate> composed(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights) {
    Shape between = depthwise.geometry().output();
    // The ids do not depend on the buffer between the stages, which only a plan can give.
    Argument none = new Argument.Scratch(0);
    Candidate first = depthwise(withDestination(depthwise, none), taps).getFirst();
    List<Candidate> second = matrix(withSource(pointwise, none), weights);
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < second.size(); i++) {
      int choice = i;
      candidates.add(
          new Candidate(
              () -> first.id() + " + " + second.get(choice).id(),
              plan -> {
                Argument middle = plan.scratch(between.bytes());
                depthwise(withDestination(depthwise, middle), taps).getFirst().plan().accept(plan);
                matrix(withSource(pointwise, middle), weights).get(choice).plan().accept(plan);
              }));
    }
    return candidates;
  }

  private static Operand withDestination(Operand operand, Argument destination) {
    return new Operand(operand.source(), operand.residual(), destination, operand.geometry());
  }

  private static Operand withSource(Operand operand, Argument source) {
    return new Operand(source, operand.residual(), operand.destination(), operand.geometry());
  }

  private void addSeparable(
      PlanDraft plan,
      Operand depthwise,
      ConvWeights taps,
      Operand pointwise,
      ConvWeights weights,
      Block block) {
    Conv2d first = depthwise.conv();
    Conv2d second = pointwise.conv();
    Epilogue between = Epilogue.of(first.activation());
    int padded = Packing.roundUp(first.outChannels(), 4);
    Map<String, String> constants =
        constants(
            block,
            first.inChannels(),
            second.residual(),
            between,
            Epilogue.of(second.activation()));
    constants.put("SEPARABLE", "");
    constants.put("KERNEL_H", "" + first.kernelH());
    constants.put("KERNEL_W", "" + first.kernelW());
    float[] bias = java.util.Arrays.copyOf(taps.biasOrZeros(first.outChannels()), padded);
    ArgumentList arguments =
        new ArgumentList()
            .add(depthwise.source(), plan.constant(Packing.taps(first, taps, padded)))
            .add(plan.constant(bias))
            .epilogue(between)
            .ints(padded);
    addProduct(arguments, plan, pointwise, depthwise.geometry(), weights, block);
    launch(plan, constants, arguments, pointwise, block);
  }

  @Override
  public List<Candidate> depthwise(Operand operand, ConvWeights weights) {
    int width = operand.conv().inChannels() % 4 == 0 ? 4 : 1;
    int group = Math.min(128, device.largestGroup());
    Shape out = operand.geometry().output();
    // A tile loads each value once, but fewer work-items must still fill the device.
    boolean large = out.elements() / width / 8 >= 256L * computeUnits;
    List<DepthwiseKernel.Tile> tiles =
        large
            ? List.of(tile(2, 4), tile(1, 4), tile(2, 2), tile(4, 4), tile(1, 2), tile(1, 1))
            : List.of(tile(1, 2), tile(1, 1), tile(2, 2), tile(1, 4), tile(2, 4));
    return DepthwiseKernel.candidates(
        operand,
        weights,
        tiles,
        new DepthwiseKernel.Device(name(), width, group, 1, false, width == 4));
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
            "transpose",
            Map.of("ACT", "CLAMP", "WIDTH", "1", "TILE", "" + TRANSPOSE_TILE, "GPU", "")),
        "transpose",
        new ArgumentList().add(source, destination).ints(rows, columns).list(),
        groups,
        new long[] {TRANSPOSE_TILE, TRANSPOSE_TILE, 1});
  }

  @Override
  public Candidate direct(Operand operand, ConvWeights weights, Layout source, Layout destination) {
    int group = Math.min(128, device.largestGroup());
    return DirectKernel.candidate(operand, weights, source, destination, group);
  }
}
