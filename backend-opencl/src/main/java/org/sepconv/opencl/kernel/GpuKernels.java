package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.opencl.device.ClDevice;

/** Kernels for GPUs: work-groups that share tiles in local memory, vectors of four. */
public final class GpuKernels implements KernelFamily {

  /** Blocks of the matrix product, the most work for each loaded value first. */
  private static final List<MatrixGpu.Block> BLOCKS =
      List.of(
          new MatrixGpu.Block(128, 128, 8, 8, 8),
          new MatrixGpu.Block(128, 64, 8, 8, 4),
          new MatrixGpu.Block(64, 64, 16, 4, 4),
          new MatrixGpu.Block(32, 64, 16, 4, 4),
          new MatrixGpu.Block(64, 32, 16, 4, 4),
          new MatrixGpu.Block(32, 32, 16, 2, 4));

  /** A fused kernel computes the depthwise stage once for each block of outputs. */
  private static final int MOST_RECOMPUTED = 4;

  /** Work-items that a compute unit has at a time, so that some compute while others wait. */
  private static final int ITEMS_PER_UNIT = 1024;

  private final ClDevice device;
  private final int computeUnits;

  /**
   * @param computeUnits those of the device that are used
   */
  public GpuKernels(ClDevice device, int computeUnits) {
    this.device = device;
    this.computeUnits = computeUnits;
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
  private List<MatrixGpu.Block> blocks(int pixels, int outputs, int groups) {
    List<MatrixGpu.Block> possible =
        new ArrayList<>(
            BLOCKS.stream()
                .filter(block -> block.group() <= device.largestGroup())
                .filter(block -> block.localBytes() <= device.localMemory())
                .toList());
    long busy = computeUnits;
    possible.sort(
        Comparator.comparing(
            block ->
                block.outputs() >= 2 * outputs
                    || block.pixels() >= 2 * pixels
                    || groups * block.groups(pixels, outputs) < busy)); // stable
    if (possible.isEmpty()
        || possible.getFirst().groups(pixels, outputs) * groups < busy
        || possible.getFirst().outputs() >= 2 * outputs) {
      // Nothing fills the device: as many groups as there can be.
      possible.sort(Comparator.comparingLong(block -> -block.groups(pixels, outputs)));
    }
    return possible;
  }

  @Override
  public List<Candidate> matrix(Operand operand, ConvWeights weights) {
    Conv2d conv = operand.conv();
    return blocks(operand.pixels(), conv.outputsPerGroup(), conv.groups()).stream()
        .map(block -> MatrixGpu.candidate(operand, weights, block))
        .toList();
  }

  @Override
  public List<Candidate> separable(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights) {
    int outputs = pointwise.conv().outChannels();
    List<Candidate> fused = new ArrayList<>();
    List<Candidate> recomputing = new ArrayList<>();
    for (MatrixGpu.Block block : blocks(pointwise.pixels(), outputs, 1)) {
      boolean often = Math.ceilDiv(outputs, block.outputs()) > MOST_RECOMPUTED;
      (often ? recomputing : fused)
          .add(MatrixGpu.separable(depthwise, taps, pointwise, weights, block));
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

  @Override
  public List<Candidate> depthwise(Operand operand, ConvWeights weights) {
    int width = operand.conv().inChannels() % 4 == 0 ? 4 : 1;
    int group = Math.min(128, device.largestGroup());
    var kernels = new Depthwise.Device(name(), width, group, 1, false, width == 4);
    if (!Depthwise.isUnrolled(operand.conv())) {
      return List.of(DepthwiseAny.candidate(operand, weights, kernels));
    }
    Shape out = operand.geometry().output();
    // A tile loads each value once, but fewer work-items must still fill the device.
    boolean large = out.elements() / width / 8 >= 256L * computeUnits;
    List<Depthwise.Tile> tiles =
        large
            ? List.of(tile(2, 4), tile(1, 4), tile(2, 2), tile(4, 4), tile(1, 2), tile(1, 1))
            : List.of(tile(1, 2), tile(1, 1), tile(2, 2), tile(1, 4), tile(2, 4));
    return tiles.stream()
        .filter(tile -> Depthwise.fits(operand.conv(), tile))
        .map(tile -> Depthwise.candidate(operand, weights, tile, kernels))
        .toList();
  }

  private static Depthwise.Tile tile(int rows, int columns) {
    return new Depthwise.Tile(rows, columns);
  }

  @Override
  public Launch transpose(
      Argument source, Argument destination, int images, int rows, int columns) {
    return Transpose.byGroups(source, destination, images, rows, columns);
  }

  @Override
  public Work work(int lines, int length) {
    int lanes = length % 4 == 0 ? 4 : 1;
    return new Work(lines, length, lanes, lanes, 1, Math.min(128, device.largestGroup()));
  }

  @Override
  public long busyItems() {
    return (long) ITEMS_PER_UNIT * computeUnits;
  }

  @Override
  public Candidate direct(Operand operand, ConvWeights weights, Layout source, Layout destination) {
    int group = Math.min(128, device.largestGroup());
    return Direct.candidate(operand, weights, source, destination, group);
  }
}
