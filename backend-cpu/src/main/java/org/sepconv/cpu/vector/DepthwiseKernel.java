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
import org.sepconv.cpu.tile.DepthwiseTile;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Depthwise convolution, block of channels by block of channels. The input is read where it lies;
 * for what meets the padding, the row of zeros of its plane. With a multiplier, an input block
 * makes several output blocks: the j-th of each in one go, with lane {@code (j * lanes + l) /
 * multiplier} of the input for lane l of the output.
 *
 * <pre>
 *   packed weights   [j][input block][filter row][filter column][lane], after each block its bias
 * </pre>
 */
final class DepthwiseKernel implements RowKernel {

  /** Output values of a strip: about 128 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 32 * 1024;

  /** Filter columns that a tile unrolls at most. */
  private static final int MAX_COLUMNS = 32;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final int lanes;
  private final int multiplier;

  /** For each j, the input lane of each output lane. */
  private final Object[] shuffles;

  private final Span weights;

  /** Starts of the input rows that each output row meets, from the first pixel of a plane on. */
  private final int[] rowStarts;

  /**
   * Whether all rows of a block come before the next block: where the rows of a filter lie far
   * apart, those of all blocks would have left the cache before they are met again.
   */
  private final boolean blockByBlock;

  /** A row, from left to right. */
  private final List<DepthwiseRow.Stretch> stretches;

  private final int targetStride;

  /** A kernel whose output is a tensor. */
  DepthwiseKernel(
      Conv2d conv,
      ConvWeights given,
      ConvGeometry geometry,
      VectorEmitter emitter,
      PackedWeights packed) {
    this(
        conv,
        given,
        geometry,
        emitter,
        packed,
        ChannelBlocks.ofVectors(geometry.input(), emitter.lanes()),
        ChannelBlocks.ofVectors(geometry.output(), emitter.lanes()).block());
  }

  /**
   * @param in how the input lies; with fewer rows than the input has, they follow one another round
   *     and round, and those that a call of {@link #rows} meets must be there
   * @param targetStride distance between neighbouring pixels of the output
   */
  DepthwiseKernel(
      Conv2d conv,
      ConvWeights given,
      ConvGeometry geometry,
      VectorEmitter emitter,
      PackedWeights packed,
      ChannelBlocks in,
      int targetStride) {
    this.conv = conv;
    this.geometry = geometry;
    this.lanes = emitter.lanes();
    this.in = in;
    this.out = ChannelBlocks.ofVectors(geometry.output(), emitter.lanes());
    this.targetStride = targetStride;
    this.multiplier = conv.outputsPerGroup();
    int[] inputLanes = new int[outputsOfBlock() * lanes];
    Arrays.setAll(inputLanes, lane -> Math.min(lane / multiplier, lanes - 1));
    this.shuffles = emitter.shuffles(inputLanes);
    this.weights = pack(packed.of(given));
    this.rowStarts = rowStarts();
    boolean masked = out.block() < lanes;
    int mostPixels = emitter.maxPixels(conv.kernelH() * conv.kernelW(), conv.kernelW(), masked);
    Clamp clamp = Clamp.of(conv.activation());
    this.blockByBlock = Math.max(conv.dilationH(), conv.dilationW()) >= DepthwiseRow.FAR_DILATION;
    this.stretches =
        DepthwiseRow.of(
            geometry,
            mostPixels,
            (pixels, taps) ->
                emitter.depthwiseTile(
                    pixels, taps, in.block(), multiplier > 1, masked, conv.residual(), clamp));
  }

  /** Why this is no kernel for a convolution; empty if it is one. */
  static Optional<String> refusal(Conv2d conv) {
    if (conv.channelsPerGroup() > 1) {
      return Optional.of("each output sees %d channels".formatted(conv.channelsPerGroup()));
    }
    return conv.kernelW() <= MAX_COLUMNS
        ? Optional.empty()
        : Optional.of(
            "the filter is %d columns wide, more than the %d that a tile unrolls"
                .formatted(conv.kernelW(), MAX_COLUMNS));
  }

  /** Output blocks of an input block. */
  private int outputsOfBlock() {
    return in.count() == 1 ? out.count() : multiplier;
  }

  /** Input blocks that have a j-th output block. */
  private int blocks(int j) {
    return in.count() == 1 ? 1 : Math.ceilDiv(out.count() - j, multiplier);
  }

  /** All that the order of the packed weights depends on, beside the vectors. */
  private record Packing(int outChannels, int multiplier, int taps) {}

  private Span pack(PackedWeights.Packer given) {
    int taps = conv.kernelH() * conv.kernelW();
    return given.packed(new Packing(conv.outChannels(), multiplier, taps), () -> pack(given, taps));
  }

  private Span pack(PackedWeights.Packer given, int taps) {
    int blockFloats = (taps + 1) * lanes;
    Span packed = given.allocate(Math.multiplyExact(out.count(), blockFloats));
    float[] filter = given.filter();
    float[] bias = given.biasOrZeros(conv.outChannels());
    int block = packed.offset();
    for (int j = 0; j < outputsOfBlock(); j++) {
      for (int b = 0; b < blocks(j); b++) {
        int first = (b * multiplier + j) * lanes;
        int count = Math.min(lanes, conv.outChannels() - first);
        for (int lane = 0; lane < count; lane++) {
          for (int tap = 0; tap < taps; tap++) {
            packed.array()[block + tap * lanes + lane] = filter[(first + lane) * taps + tap];
          }
          packed.array()[block + taps * lanes + lane] = bias[first + lane];
        }
        block += blockFloats;
      }
    }
    return packed;
  }

  private int[] rowStarts() {
    int height = geometry.output().h();
    int[] starts = new int[height * conv.kernelH()];
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < conv.kernelH(); i++) {
        int row = geometry.inputRow(y) + i * conv.dilationH();
        boolean inside = row >= 0 && row < geometry.input().h();
        starts[y * conv.kernelH() + i] = (inside ? row % in.shape().h() : -1) * in.rowFloats();
      }
    }
    return starts;
  }

  @Override
  public String id() {
    return "f32-depthwise-%s-%s-%dpv%d-generated"
        .formatted(in.layoutName(), KernelIds.shape(conv), stretches.getFirst().pixels(), lanes);
  }

  @Override
  public int stripRows() {
    if (blockByBlock) {
      return geometry.output().h();
    }
    return Math.clamp(
        STRIP_VALUES / ((long) out.rowFloats() * out.count()), 1, geometry.output().h());
  }

  @Override
  public int scratchFloats() {
    return 0;
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    long reach = (long) (conv.kernelW() - 1) * conv.dilationW() + conv.strideW();
    if (reach > TinyProblem.MAX_REACH) {
      return List.of();
    }
    List<TinyProblem> all = new ArrayList<>();
    for (DepthwiseRow.Stretch stretch : stretches) {
      if (!stretch.slot().isStaged()) {
        all.add(tinyProblem(stretch.slot().tile(), stretch.pixels()));
      }
    }
    if (Clamp.leaves(conv.activation())) {
      all.add(VectorActivation.tinyProblem(conv.activation()));
    }
    return all;
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    int taps = conv.kernelH() * conv.kernelW();
    long rows = (long) geometry.output().h() * out.count() * lanes * taps;
    return stretches.stream()
        .flatMap(
            stretch ->
                stretch
                    .slot()
                    .upgrades(
                        tile -> tinyProblem(tile, stretch.pixels()),
                        rows * stretch.pixels() * stretch.count())
                    .stream())
        .toList();
  }

  /**
   * Two tiles of two rows, or of two blocks in turn. The first meets all of the padding on the
   * left, the second all on the right: a column that is never seen as padding C2 expects never to
   * be, and throws the code away when it is.
   */
  private TinyProblem tinyProblem(DepthwiseTile tile, int pixels) {
    int first = -Math.min(geometry.padding().left(), TinyProblem.MAX_REACH);
    int last = geometry.inputColumn(geometry.output().w() - 1) + conv.effectiveKernelW();
    int right = Math.clamp(last - geometry.input().w(), 0, TinyProblem.MAX_REACH);
    int columns = (2 * pixels - 1) * conv.strideW() + conv.effectiveKernelW();
    int width = Math.max(1, first + columns - right);
    // A tile that knows of no padding reads all of its columns, wherever they lie.
    int row = Math.max(width, Math.max(-first, first + columns)) * in.block();
    int outRow = 2 * pixels * targetStride;
    int[] starts = new int[2 * conv.kernelH()];
    float[] source = new float[4 * row + Span.SLACK];
    float[] filter = new float[2 * (conv.kernelH() * conv.kernelW() + 1) * lanes];
    float[] target = new float[4 * outRow + Span.SLACK];
    int idle = TinyProblem.idle(4 * (conv.kernelH() + 1));
    int[] calls = new int[1];
    return new TinyProblem(
        () -> {
          int rows = 1 + calls[0]++ % 2;
          tile.compute(
              source,
              row,
              2 * row,
              starts,
              0,
              first,
              width,
              filter,
              0,
              target,
              0,
              targetStride,
              2 * outRow,
              outRow,
              rows,
              2,
              3 - rows,
              out.block(),
              shuffles,
              0,
              target,
              0,
              idle);
        });
  }

  @Override
  public void compute(RowJob job) {
    float[] dst = job.dst.array();
    int target = job.dst.offset() + out.row(job.n, 0, job.y);
    rows(
        job.src.array(),
        job.src.offset() + in.row(job.n, 0, 0),
        job.y,
        job.rows,
        job.residual.array(),
        job.residual.offset() - job.dst.offset(),
        dst,
        target,
        out.planeFloats(),
        out.rowFloats());
    if (Clamp.leaves(conv.activation())) {
      int floats = job.rows * out.rowFloats();
      for (int b = 0; b < out.count(); b++) {
        int from = target + b * out.planeFloats();
        VectorActivation.apply(conv.activation(), dst, from, from + floats);
      }
    }
  }

  /**
   * Computes some rows of an image, without an activation that is more than a clamp, to where the
   * arguments say.
   *
   * @param srcOffset where the first row of the first block of the image starts
   * @param y the first of the rows
   * @param residualShift from where an output goes to where its residual lies
   * @param outOffset where the first row of the first block starts in {@code target}
   * @param outBlockStep distance between blocks
   * @param outRowStep distance between rows
   */
  void rows(
      float[] src,
      int srcOffset,
      int y,
      int rows,
      float[] residual,
      int residualShift,
      float[] target,
      int outOffset,
      int outBlockStep,
      int outRowStep) {
    int firstRowStart = y * conv.kernelH();
    int weight = weights.offset();
    int blockFloats = (conv.kernelH() * conv.kernelW() + 1) * lanes;
    for (int j = 0; j < outputsOfBlock(); j++) {
      int together = blockByBlock ? 1 : blocks(j);
      for (int block = 0; block < blocks(j); block += together) {
        int first = outOffset + (block * multiplier + j) * outBlockStep;
        for (int i = 0; i < stretches.size(); i++) {
          DepthwiseRow.Stretch stretch = stretches.get(i);
          DepthwiseTile tile = stretch.slot().tile();
          while (tile.compute(
              src,
              srcOffset + block * in.planeFloats(),
              in.planeFloats(),
              rowStarts,
              firstRowStart,
              geometry.inputColumn(stretch.x()),
              geometry.input().w(),
              weights.array(),
              weight,
              target,
              first + stretch.x() * targetStride,
              targetStride,
              outBlockStep * multiplier,
              outRowStep,
              rows,
              stretch.count(),
              together,
              out.block(),
              shuffles,
              j,
              residual,
              residualShift,
              0)) {
            tile = stretch.slot().exact();
          }
        }
        weight += together * blockFloats;
      }
    }
  }
}
