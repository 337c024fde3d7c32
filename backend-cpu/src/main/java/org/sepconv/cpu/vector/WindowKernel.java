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
import org.sepconv.cpu.tile.ChannelSpread;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.tile.WindowTile;
import org.sepconv.cpu.tile.WindowTileEmitter.Distances;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Depthwise convolution with a large kernel, and grouped convolution with several groups in a
 * vector, block of channels by block of channels: the rows that a strip meets are copied to where
 * zeros stand for the padding, and a tile walks over the taps: over a filter row some columns at a
 * time, or with groups over the channels. Where several groups share a vector, each lane gets the
 * channels that its output sees one after the other; where a group fills vectors, all lanes see the
 * same, and nothing is to be rearranged.
 *
 * <pre>
 *   scratch          [input block][input row][input column, with the padding][lane], or of
 *                    groups that share a vector [...][channel of the group][lane]
 *   packed weights   [block][filter row][input block][channel][filter column][lane], after each
 *                    block its bias; columns before channels where a run is a single column
 * </pre>
 */
final class WindowKernel implements RowKernel {

  /** Values of a window: about 256 KiB, to stay in the second-level cache. */
  private static final int WINDOW_VALUES = 64 * 1024;

  /** Of a group; more make products deep enough for a product of matrices. */
  private static final int MOST_CHANNELS = 16;

  /** Filter columns from which on a loop over them is faster than the unrolled tile. */
  private static final int LEAST_COLUMNS = 8;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final int lanes;
  private final Span weights;

  /** Of each block. */
  private final int weightFloats;

  /** Channels that each lane sees. */
  private final int channels;

  /** Whether a group fills vectors; then its input blocks, which each output block sees. */
  private final boolean whole;

  private final int inputBlocks;

  /** Floats of a pixel of the window, of a row, and of all rows of an input block. */
  private final int pixelFloats;

  private final int rowFloats;
  private final int planeFloats;

  /** Filter columns of a run: all, or a single one. */
  private final int runColumns;

  /** Where the filter rows lie, or all taps. */
  private final int[] runs;

  private final int stripRows;
  private final RowTiles<WindowTile> tiles;
  private final ChannelSpread spread;
  private final Object[] shuffles;

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
    this.channels = conv.channelsPerGroup();
    this.whole = channels > 1 && channels % lanes == 0;
    this.inputBlocks = whole ? channels / lanes : 1;
    this.pixelFloats = channels == 1 || whole ? in.block() : channels * lanes;
    int[] table = new int[channels * lanes];
    Arrays.setAll(table, i -> i % lanes / channels * channels + i / lanes);
    this.shuffles = emitter.shuffles(whole ? new int[0] : table);
    this.spread = emitter.channelSpread(in.block(), whole ? 1 : channels);
    int width = geometry.output().w();
    int columns = (width - 1) * conv.strideW() + conv.effectiveKernelW();
    this.rowFloats = Math.multiplyExact(columns, pixelFloats);
    boolean few = conv.kernelW() <= VectorEmitter.MAX_WINDOW_COLUMNS;
    this.runColumns = channels == 1 || few ? conv.kernelW() : 1;
    int fitting = WINDOW_VALUES / (rowFloats * inputBlocks) - conv.effectiveKernelH();
    this.stripRows = Math.clamp(fitting / conv.strideH() + 1, 1, geometry.output().h());
    this.planeFloats = Math.multiplyExact(windowRows(stripRows), rowFloats);
    this.runs = runs();
    this.weightFloats = (channels * conv.kernelH() * conv.kernelW() + 1) * lanes;
    this.weights = pack(packed.of(given));
    boolean masked = out.block() < lanes;
    Clamp clamp = Clamp.of(conv.activation());
    this.tiles =
        RowTiles.of(
            width,
            emitter.maxWindowPixels(distances(1).columns(), masked),
            pixels -> emitter.windowTile(distances(pixels), masked, conv.residual(), clamp));
  }

  /** Why this is no kernel for a convolution, or not the best; empty if it is. */
  static Optional<String> refusal(Conv2d conv, int lanes) {
    int channels = conv.channelsPerGroup();
    if (conv.outputsPerGroup() != channels) {
      return Optional.of(
          "groups of %d channels make %d outputs".formatted(channels, conv.outputsPerGroup()));
    }
    if (channels > 1 && conv.groups() == 1) {
      return Optional.of("a single group");
    }
    if (channels > 1) {
      boolean fits = lanes % channels == 0 || channels % lanes == 0 && channels <= MOST_CHANNELS;
      return fits
          ? Optional.empty()
          : Optional.of(
              "%d groups of %d channels do not fit into vectors of %d"
                  .formatted(conv.groups(), channels, lanes));
    }
    return conv.kernelW() >= LEAST_COLUMNS
        ? Optional.empty()
        : Optional.of(
            "the filter has %d columns, fewer than %d".formatted(conv.kernelW(), LEAST_COLUMNS));
  }

  private int[] runs() {
    int columns = conv.kernelW() / runColumns;
    int ofRow = inputBlocks * columns;
    int[] starts = new int[conv.kernelH() * ofRow];
    Arrays.setAll(
        starts,
        run ->
            run / ofRow * conv.dilationH() * rowFloats
                + run % ofRow / columns * planeFloats
                + run % columns * conv.dilationW() * pixelFloats);
    return starts;
  }

  /** Steps of a run. */
  private int depth() {
    return channels == 1
        ? runColumns / VectorEmitter.WINDOW_COLUMNS_TOGETHER
        : channels / inputBlocks;
  }

  private Distances distances(int pixels) {
    int pixel = conv.strideW() * pixelFloats;
    int column = conv.dilationW() * pixelFloats;
    if (whole) {
      return Distances.ofWholeGroups(pixels, pixel, runColumns, column, out.block());
    }
    return channels == 1
        ? Distances.ofChannels(
            pixels, pixel, runColumns, column, VectorEmitter.WINDOW_COLUMNS_TOGETHER, out.block())
        : Distances.ofGroups(pixels, pixel, runColumns, column, lanes, out.block());
  }

  /** All that the order of the packed weights depends on, beside the vectors. */
  private record Packing(int outputs, int channels, int taps, int runColumns) {}

  private Span pack(PackedWeights.Packer given) {
    int taps = conv.kernelH() * conv.kernelW();
    return given.packed(
        new Packing(conv.outChannels(), channels, taps, runColumns), () -> pack(given, taps));
  }

  private Span pack(PackedWeights.Packer given, int taps) {
    Span packed = given.allocate(Math.multiplyExact(out.count(), weightFloats));
    float[] filter = given.filter();
    float[] bias = given.biasOrZeros(conv.outChannels());
    int source = 0;
    for (int output = 0; output < conv.outChannels(); output++) {
      int to = packed.offset() + output / lanes * weightFloats + output % lanes;
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < taps; tap++) {
          packed.array()[to + place(c, tap) * lanes] = filter[source++];
        }
      }
      packed.array()[to + weightFloats - lanes] = bias[output];
    }
    return packed;
  }

  /** Which of the packed weights of an output that of a channel and a tap is. */
  private int place(int c, int tap) {
    int ofBlock = channels / inputBlocks;
    int columns = conv.kernelW() / runColumns;
    int row = tap / conv.kernelW();
    int column = tap % conv.kernelW();
    int run = (row * inputBlocks + c / ofBlock) * columns + column / runColumns;
    return (run * ofBlock + c % ofBlock) * runColumns + column % runColumns;
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
    return Math.addExact(Math.multiplyExact(planeFloats, inputBlocks), Span.SLACK);
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
    if (Math.max(conv.dilationW(), conv.strideW()) <= TinyProblem.MAX_REACH) {
      tiles.each(
          (tile, pixels) -> problems.add(tile.tinyProblem(distances(pixels), lanes, out.block())));
    }
    if (channels > 1 && !whole) {
      problems.add(spread.tinyProblem(in.block(), channels, lanes, shuffles));
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
      for (int i = 0; i < inputBlocks; i++) {
        int input = whole ? block * lanes / channels * inputBlocks + i : block;
        fill(job, input, job.scratch.offset() + i * planeFloats);
      }
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

  /** Input rows that so many output rows meet. */
  private int windowRows(int rows) {
    return (rows - 1) * conv.strideH() + conv.effectiveKernelH();
  }

  /** Copies the rows of a block that lie inside the input, with zeros before and after each. */
  private void fill(RowJob job, int block, int start) {
    float[] window = job.scratch.array();
    int first = geometry.inputRow(job.y);
    int rows = windowRows(job.rows);
    int columns = rowFloats / pixelFloats;
    int left = Math.min(geometry.padding().left(), columns);
    int inside = Math.min(in.shape().w(), columns - left);
    for (int row = Math.max(0, first); row < Math.min(in.shape().h(), first + rows); row++) {
      int to = start + (row - first) * rowFloats;
      int begin = to + left * pixelFloats;
      int end = begin + inside * pixelFloats;
      int from = job.src.offset() + in.row(job.n, block, row);
      Arrays.fill(window, to, begin, 0);
      if (channels == 1 || whole) {
        System.arraycopy(job.src.array(), from, window, begin, inside * pixelFloats);
      } else {
        spread.compute(job.src.array(), from, window, begin, inside, shuffles);
      }
      Arrays.fill(window, end, to + rowFloats, 0);
    }
  }

  private void row(RowJob job, int block, int r) {
    int y = job.y + r;
    int ofRow = runs.length / conv.kernelH();
    int firstRun = geometry.firstTapRow(y) * ofRow;
    int endRun = geometry.endTapRow(y) * ofRow;
    int source = job.scratch.offset() + r * conv.strideH() * rowFloats;
    int weight = weights.offset() + block * weightFloats;
    int target = job.dst.offset() + out.row(job.n, block, y);
    int shift = job.residual.offset() - job.dst.offset();
    int x = 0;
    for (int i = 0; i < tiles.kinds(); i++) {
      tiles
          .tile(i)
          .compute(
              job.scratch.array(),
              source + x * conv.strideW() * pixelFloats,
              runs,
              firstRun,
              endRun,
              depth(),
              weights.array(),
              weight,
              weight + weightFloats - lanes,
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
