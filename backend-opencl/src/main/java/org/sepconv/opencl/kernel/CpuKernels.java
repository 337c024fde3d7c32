package org.sepconv.opencl.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sepconv.Conv2d;
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

  /** Of what does little with each value: beyond, there is no call to save. */
  private static final int MOST_VALUES_PER_ITEM = 8192;

  private static final int[] TILES_PER_ITEM = {1, 2, 4, 8, 16};

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
    List<CpuTile> tiles = new ArrayList<>();
    for (int pixels : pixelsByWaste(operand.pixels())) {
      int all = Math.ceilDiv(operand.pixels(), pixels);
      long target = (long) GROUPS_PER_UNIT * 2 * computeUnits;
      int usual = Math.clamp((long) all * panels / target, 1, 16);
      tiles.add(new CpuTile(pixels, vectors, width, usual, 1));
      for (int tilesPerItem : TILES_PER_ITEM) {
        if (tilesPerItem != usual && tilesPerItem <= all) {
          tiles.add(new CpuTile(pixels, vectors, width, tilesPerItem, 1));
        }
      }
    }
    return tiles.stream().map(tile -> MatrixCpu.candidate(operand, weights, tile)).toList();
  }

  /** Sizes of register tiles, those first that leave the fewest places of the last one empty. */
  private List<Integer> pixelsByWaste(int pixels) {
    List<Integer> sizes = new ArrayList<>();
    for (int size : width == 16 ? PIXELS_OF_32 : PIXELS_OF_16) {
      sizes.add(size);
    }
    // Small tiles load the weights more often: an overhead as of one and a half pixels for each.
    sizes.sort(Comparator.comparingDouble(size -> Math.ceilDiv(pixels, size) * (size + 1.5)));
    return sizes.subList(0, 3);
  }

  @Override
  public List<Candidate> separable(
      Operand depthwise, ConvWeights taps, Operand pointwise, ConvWeights weights) {
    int outputs = pointwise.conv().outChannels();
    int vectors = outputs <= width ? 1 : 2;
    int panels = Math.ceilDiv(outputs, width * vectors);
    long pixelBytes = SeparableCpu.pixelBytes(depthwise.conv(), width);
    int pixels = pointwise.pixels();
    List<CpuTile> tiles = new ArrayList<>();
    for (int size : pixelsByWaste(pixels)) {
      int all = Math.ceilDiv(pixels, size);
      long room = Math.min(STRIP_BYTES, device.localMemory()) / (size * pixelBytes);
      if (room == 0) {
        continue;
      }
      int target = GROUPS_PER_UNIT * computeUnits;
      int usual = Math.clamp(all / target, 1, (int) room);
      int parts = Math.clamp(Math.ceilDiv(target, Math.ceilDiv(all, usual)), 1, panels);
      tiles.add(new CpuTile(size, vectors, width, usual, Math.ceilDiv(panels, parts)));
      for (int tilesPerItem : TILES_PER_ITEM) {
        for (int divided : new int[] {1, 2, 4, 8}) {
          CpuTile tile =
              new CpuTile(size, vectors, width, tilesPerItem, Math.ceilDiv(panels, divided));
          boolean sensible = tilesPerItem <= Math.min(all, room) && divided <= panels;
          if (sensible && !tiles.contains(tile)) {
            tiles.add(tile);
          }
        }
      }
    }
    return tiles.stream()
        .map(tile -> SeparableCpu.candidate(depthwise, taps, pointwise, weights, tile))
        .toList();
  }

  @Override
  public List<Candidate> depthwise(Operand operand, ConvWeights weights) {
    int channels = operand.conv().inChannels();
    int lanes = channels <= 4 ? 4 : width;
    var kernels = new Depthwise.Device(name(), lanes, 1, Integer.MAX_VALUE, true, false);
    if (!Depthwise.isUnrolled(operand.conv())) {
      return List.of(DepthwiseAny.candidate(operand, weights, kernels));
    }
    return Stream.of(tile(2, 4), tile(1, 4), tile(2, 2), tile(1, 7), tile(1, 1))
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
    return Transpose.byItems(source, destination, images, rows, columns);
  }

  @Override
  public Work work(int lines, int length) {
    // Few widths, for each is a program to be compiled.
    int lanes = length >= width ? width : length >= 4 ? 4 : 1;
    int values = Math.clamp((long) lines * length / busyItems(), 1, MOST_VALUES_PER_ITEM);
    int run = Packing.roundUp(Math.min(values, length), lanes);
    return new Work(lines, length, lanes, run, Math.clamp(values / length, 1, lines), 1);
  }

  @Override
  public long busyItems() {
    return (long) GROUPS_PER_UNIT * computeUnits;
  }

  @Override
  public Candidate direct(Operand operand, ConvWeights weights, Layout source, Layout destination) {
    return Direct.candidate(operand, weights, source, destination, 16);
  }
}
