package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.cpu.kernel.KernelIds;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.tile.WindowTile;
import org.sepconv.cpu.tile.WindowTileEmitter.Distances;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Depthwise convolution with a large kernel, block of channels by block of channels: the rows that
 * a strip meets are copied to where zeros stand for the padding, and a tile walks over the taps.
 *
 * <pre>
 *   scratch          [input row][input column, with the padding][lane]
 *   packed weights   [block][filter row][filter column][lane], after each block its bias
 * </pre>
 */
final class WindowKernel implements RowKernel {

  /** Values of a window: about 256 KiB, to stay in the second-level cache. */
  private static final int WINDOW_VALUES = 64 * 1024;

  /** Filter columns from which on a loop over them is faster than the unrolled tile. */
  private static final int LEAST_COLUMNS = 8;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final int lanes;
  private final Span weights;
  private final int blockFloats;
  private final int rowFloats;
  private final int[] runs;
  private final int stripRows;
  private final RowTiles<WindowTile> tiles;

  WindowKernel(
      Conv2d conv,
      ConvWeights given,
      ConvGeometry geometry,
      VectorEmitter emitter,
      PackedWeights packed) {
    this.conv = conv;
    this.geometry = geometry;
    this.lanes = emitter.lanes();
    this.in = ChannelBlocks.ofVectors(geometry.input(), lanes);
    this.out = ChannelBlocks.ofVectors(geometry.output(), lanes);
    int width = geometry.output().w();
    int columns = (width - 1) * conv.strideW() + conv.effectiveKernelW();
    this.rowFloats = Math.multiplyExact(columns, in.block());
    this.runs = new int[conv.kernelH()];
    Arrays.setAll(runs, i -> i * conv.dilationH() * rowFloats);
    this.blockFloats = (conv.kernelH() * conv.kernelW() + 1) * lanes;
    this.weights = pack(packed.of(given));
    int fitting = WINDOW_VALUES / rowFloats - conv.effectiveKernelH();
    this.stripRows = Math.clamp(fitting / conv.strideH() + 1, 1, geometry.output().h());
    boolean masked = out.block() < lanes;
    Clamp clamp = Clamp.of(conv.activation());
    this.tiles =
        RowTiles.of(
            width,
            emitter.maxWindowPixels(masked),
            pixels -> emitter.windowTile(distances(pixels), masked, conv.residual(), clamp));
  }

  private Distances distances(int pixels) {
    return new Distances(
        pixels, conv.strideW() * in.block(), conv.dilationW() * in.block(), out.block());
  }

  /** Why this is no kernel for a convolution, or not the best; empty if it is. */
  static Optional<String> refusal(Conv2d conv) {
    if (conv.channelsPerGroup() > 1) {
      return Optional.of("each output sees %d channels".formatted(conv.channelsPerGroup()));
    }
    if (conv.outputsPerGroup() > 1) {
      return Optional.of("%d outputs of a channel".formatted(conv.outputsPerGroup()));
    }
    return conv.kernelW() >= LEAST_COLUMNS
        ? Optional.empty()
        : Optional.of(
            "the filter has %d columns, fewer than %d".formatted(conv.kernelW(), LEAST_COLUMNS));
  }

  /** All that the order of the packed weights depends on, beside the vectors. */
  private record Packing(int channels, int taps) {}

  private Span pack(PackedWeights.Packer given) {
    int taps = conv.kernelH() * conv.kernelW();
    return given.packed(new Packing(conv.outChannels(), taps), () -> pack(given, taps));
  }

  private Span pack(PackedWeights.Packer given, int taps) {
    Span packed = given.allocate(Math.multiplyExact(out.count(), blockFloats));
    float[] filter = given.filter();
    float[] bias = given.biasOrZeros(conv.outChannels());
    for (int channel = 0; channel < conv.outChannels(); channel++) {
      int to = packed.offset() + channel / lanes * blockFloats + channel % lanes;
      for (int tap = 0; tap < taps; tap++) {
        packed.array()[to + tap * lanes] = filter[channel * taps + tap];
      }
      packed.array()[to + taps * lanes] = bias[channel];
    }
    return packed;
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName())
        + "-window-%dpv%d-generated".formatted(tiles.widePixels(), lanes);
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public int scratchFloats() {
    int rows = (stripRows - 1) * conv.strideH() + conv.effectiveKernelH();
    return Math.addExact(Math.multiplyExact(rows, rowFloats), Span.SLACK);
  }

  @Override
  public int maxSlices() {
    return out.count();
  }

  @Override
  public double repeatedShare() {
    return 0;
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    List<TinyProblem> problems = new ArrayList<>();
    if (conv.dilationW() <= TinyProblem.MAX_REACH && conv.strideW() <= TinyProblem.MAX_REACH) {
      tiles.each(
          (tile, pixels) -> problems.add(tile.tinyProblem(distances(pixels), lanes, out.block())));
    }
    if (Clamp.leaves(conv.activation())) {
      problems.add(VectorActivation.tinyProblem(conv.activation()));
    }
    return problems;
  }

  @Override
  public void compute(RowJob job) {
    int end = out.count() * (job.slice + 1) / job.slices;
    for (int block = out.count() * job.slice / job.slices; block < end; block++) {
      fill(job, block);
      for (int r = 0; r < job.rows; r++) {
        row(job, block, r);
      }
      if (Clamp.leaves(conv.activation())) {
        int from = job.dst.offset() + out.row(job.n, block, job.y);
        VectorActivation.apply(
            conv.activation(), job.dst.array(), from, from + job.rows * out.rowFloats());
      }
    }
  }

  /** Copies the rows of a block that lie inside the input, with zeros before and after each. */
  private void fill(RowJob job, int block) {
    float[] window = job.scratch.array();
    int first = geometry.inputRow(job.y);
    int rows = (job.rows - 1) * conv.strideH() + conv.effectiveKernelH();
    int height = in.shape().h();
    int left = Math.min(geometry.padding().left() * in.block(), rowFloats);
    int inside = Math.min(in.rowFloats(), rowFloats - left);
    for (int row = Math.max(0, first); row < Math.min(height, first + rows); row++) {
      int to = job.scratch.offset() + (row - first) * rowFloats;
      int from = job.src.offset() + in.row(job.n, block, row);
      Arrays.fill(window, to, to + left, 0);
      System.arraycopy(job.src.array(), from, window, to + left, inside);
      Arrays.fill(window, to + left + inside, to + rowFloats, 0);
    }
  }

  private void row(RowJob job, int block, int r) {
    int y = job.y + r;
    int firstRun = geometry.firstTapRow(y);
    int endRun = geometry.endTapRow(y);
    int source = job.scratch.offset() + r * conv.strideH() * rowFloats;
    int weight = weights.offset() + block * blockFloats;
    int target = job.dst.offset() + out.row(job.n, block, y);
    int shift = job.residual.offset() - job.dst.offset();
    int x = 0;
    for (int i = 0; i < tiles.kinds(); i++) {
      tiles
          .tile(i)
          .compute(
              job.scratch.array(),
              source + x * conv.strideW() * in.block(),
              runs,
              firstRun,
              endRun,
              conv.kernelW(),
              weights.array(),
              weight,
              weight + blockFloats - lanes,
              job.dst.array(),
              target + x * out.block(),
              tiles.count(i),
              out.block(),
              job.residual.array(),
              shift);
      x += tiles.count(i) * tiles.pixels(i);
    }
  }
}
