package org.sepconv.cpu.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.GeneralSlot;
import org.sepconv.cpu.tile.PixelCopy;
import org.sepconv.cpu.tile.PixelScale;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * The rows of input that some output rows need, copied to where the matrix product reads them: all
 * channels of a pixel side by side, and zeros for the padding, so that no tap needs a test.
 *
 * <pre>
 *   window     [input row][input column, with the padding][channel]; for each tap another start
 *   gathered   [tap][output row][output column][channel]: where taps lie far apart, or rows are
 *              short
 * </pre>
 *
 * <p>For 1 x 1 both are the same: the pixels that are needed, one after the other.
 */
final class MatrixStrip {
  /** Output columns: of longer rows enough fills the tiles. */
  private static final int NARROW = 14;

  /** So many outputs pay for the copy of all taps. */
  private static final int OUTPUTS_OF_COPY = 64;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final ChannelBlocks in;
  private final boolean gathered;
  private final ChannelBlocks gates;
  private final Optional<GeneralSlot<PixelScale>> scale;
  private final GeneralSlot<PixelCopy> copy;
  private final int copyStep;

  /** Floats of a pixel, with those that keep it from a power of two. */
  private final int pixelFloats;

  /** Floats from a pixel to the next; those beyond {@link #pixelFloats} are not touched. */
  final int pixelStride;

  /** Whether the taps of a filter row lie side by side and are one. */
  final boolean joined;

  /** Columns of a row of the window. */
  private final int columns;

  /**
   * @param gated whether what is copied is multiplied by the job's gate
   */
  MatrixStrip(ConvGeometry geometry, boolean gated, VectorEmitter emitter) {
    this.conv = geometry.conv();
    this.geometry = geometry;
    Shape input = geometry.input();
    this.gates = ChannelBlocks.ofVectors(new Shape(input.n(), input.c(), 1, 1), emitter.lanes());
    this.scale = gated ? Optional.of(emitter.pixelScale()) : Optional.empty();
    this.in = ChannelBlocks.ofVectors(geometry.input(), emitter.lanes());
    int channels = conv.inChannels();
    int lanes = emitter.lanes();
    this.columns = (geometry.output().w() - 1) * conv.strideW() + conv.effectiveKernelW();
    long window = (long) conv.effectiveKernelH() * columns;
    long taps = (long) conv.kernelH() * conv.kernelW();
    boolean one = taps == 1 && geometry.padding().equals(new Padding.Explicit(0, 0, 0, 0));
    boolean few = channels < lanes || channels % lanes == 0 && channels <= 4 * lanes;
    this.gathered =
        one || window > taps * geometry.output().w() * 2 || !few && isNarrow(geometry, lanes);
    this.joined = !gathered && conv.groups() == 1 && conv.dilationW() == 1 && few;
    boolean dense = joined || channels < lanes;
    this.pixelFloats = dense ? channels : emitter.pixelFloats(channels);
    this.pixelStride = one && !dense ? emitter.pixelStride(channels) : pixelFloats;
    this.copyStep = in.block() * (gathered ? conv.strideW() : 1);
    this.copy = emitter.pixelCopy();
  }

  /**
   * Whether rows of output are so short that few of them fill the rows of a tile, and there are
   * outputs enough to pay for copying all taps: 7 x 7 takes 1.15 times as long without, with six
   * rows to a tile. Tiles of 512-bit vectors have more rows, and take several rows of output.
   */
  private static boolean isNarrow(ConvGeometry geometry, int lanes) {
    return lanes < 16
        && geometry.output().w() <= NARROW
        && geometry.conv().groups() == 1
        && geometry.conv().outChannels() >= OUTPUTS_OF_COPY;
  }

  /** Distance between neighbouring output pixels of a row in the strip. */
  int outputStride() {
    return gathered ? pixelStride : pixelStride * conv.strideW();
  }

  /** Output pixels at that distance one after the other: all, or those of a row. */
  int run() {
    return gathered ? Integer.MAX_VALUE : geometry.output().w();
  }

  /** Distance between the first pixels of neighbouring runs, where there are several. */
  int runStride() {
    return conv.strideH() * columns * pixelStride;
  }

  /** Floats that {@code rows} output rows need. */
  long floats(int rows) {
    return gathered
        ? (long) conv.kernelH() * conv.kernelW() * rows * geometry.output().w() * pixelStride
        : ((rows - 1L) * conv.strideH() + conv.effectiveKernelH()) * columns * pixelStride;
  }

  /** Floats that each output row more touches. */
  long floatsOfRow() {
    return (floats(2) - floats(1)) / pixelStride * pixelFloats;
  }

  /** For each tap, how far it lies from the first in a strip of {@code rows} output rows. */
  int[] tapOffsets(int rows, int group) {
    int tapColumns = joined ? 1 : conv.kernelW();
    int[] offsets = new int[conv.kernelH() * tapColumns];
    for (int i = 0; i < conv.kernelH(); i++) {
      for (int j = 0; j < tapColumns; j++) {
        int pixels =
            gathered
                ? (i * tapColumns + j) * rows * geometry.output().w()
                : i * conv.dilationH() * columns + j * conv.dilationW();
        offsets[i * tapColumns + j] = pixels * pixelStride + group * conv.channelsPerGroup();
      }
    }
    return offsets;
  }

  /**
   * Copies what the job's rows meet into its scratch.
   *
   * @param capacity output rows of the strip, at least those of the job
   */
  void fill(RowJob job, int capacity) {
    if (!gathered) {
      window(job);
      return;
    }
    Span strip = job.scratch;
    int y = job.y;
    int rows = job.rows;
    int width = geometry.output().w();
    for (int i = 0; i < conv.kernelH(); i++) {
      for (int j = 0; j < conv.kernelW(); j++) {
        int target = strip.offset() + (i * conv.kernelW() + j) * capacity * width * pixelStride;
        for (int r = 0; r < rows; r++) {
          int row = geometry.inputRow(y + r) + i * conv.dilationH();
          int column = geometry.inputColumn(0) + j * conv.dilationW();
          row(job, row, column, conv.strideW(), width, strip.array(), target);
          target += width * pixelStride;
        }
      }
    }
  }

  private void window(RowJob job) {
    Span strip = job.scratch;
    int first = geometry.inputRow(job.y);
    int inputRows = (job.rows - 1) * conv.strideH() + conv.effectiveKernelH();
    for (int i = 0; i < inputRows; i++) {
      int target = strip.offset() + i * columns * pixelStride;
      row(job, first + i, geometry.inputColumn(0), 1, columns, strip.array(), target);
    }
  }

  /** Copies {@code count} pixels of an input row, every {@code step}-th from {@code column} on. */
  private void row(
      RowJob job, int row, int column, int step, int count, float[] strip, int target) {
    int width = in.shape().w();
    int before = Math.min(count, column < 0 ? Math.ceilDiv(-column, step) : 0);
    int end = Math.clamp(Math.ceilDiv(width - column, step), before, count);
    if (row < 0 || row >= in.shape().h()) {
      before = count;
      end = count;
    }
    Arrays.fill(strip, target, target + before * pixelStride, 0);
    if (before < end) {
      inside(job, row, column, step, before, end, strip, target);
    }
    // After the copy, whose whole vectors may reach past the last pixel.
    Arrays.fill(strip, target + end * pixelStride, target + count * pixelStride, 0);
  }

  private void inside(
      RowJob job, int row, int column, int step, int before, int end, float[] strip, int target) {
    Span source = job.src;
    int from = source.offset() + in.row(job.n, 0, row) + (column + before * step) * in.block();
    int to = target + before * pixelStride;
    if (scale.isPresent()) {
      scale
          .get()
          .tile()
          .compute(
              source.array(),
              from,
              in.planeFloats(),
              copyStep,
              job.gate.array(),
              job.gate.offset() + gates.row(job.n, 0, 0),
              gates.planeFloats(),
              strip,
              to,
              pixelStride,
              end - before,
              in.count(),
              0);
    } else if (in.block() == pixelStride && step == 1) {
      System.arraycopy(source.array(), from, strip, to, (end - before) * pixelStride);
    } else {
      copy.tile()
          .compute(
              source.array(),
              from,
              in.planeFloats(),
              copyStep,
              strip,
              to,
              pixelStride,
              end - before,
              in.count(),
              0);
    }
  }

  /** A problem for what copies, if what was emitted does. */
  Optional<TinyProblem> tinyProblem() {
    return slot().tinyProblem();
  }

  /** What takes the place of the copy that runs begin with. */
  List<Upgrade> upgrades() {
    return slot().upgrades();
  }

  private GeneralSlot<?> slot() {
    return scale.isPresent() ? scale.get() : copy;
  }
}
