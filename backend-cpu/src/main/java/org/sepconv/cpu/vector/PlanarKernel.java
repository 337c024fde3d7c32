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
import org.sepconv.cpu.tile.InterleaveTile;
import org.sepconv.cpu.tile.PlanarTile;
import org.sepconv.cpu.tile.PlanarTileEmitter;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Convolution of few channels to few, as of pictures: rows are taken apart into a plane for each
 * channel, so that vectors lie along the row and no lane is idle, and put together again.
 *
 * <pre>
 *   scratch          [input row][channel][column, with the padding]
 *                    then a row of the output: [channel][column]
 *   packed weights   [group][filter row][input channel of the group][filter column][output of the
 *                    group], after each group its biases
 * </pre>
 */
final class PlanarKernel implements RowKernel {

  /** Values of a strip: about 128 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 32 * 1024;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final int lanes;
  private final PlanarTileEmitter.Shape shape;
  private final PlanarTile tile;

  /** Tiles of a row; the last one may reach past its end. */
  private final int tiles;

  /** Floats of a plane's row in the scratch. */
  private final int inputPlane;

  private final int outputPlane;

  /** Where each row of the filter lies on each channel of the group. */
  private final int[] runs;

  private final Span weights;

  /** Of each group. */
  private final int weightFloats;

  private final NarrowTurn apart;
  private final NarrowTurn together;
  private final int stripRows;

  PlanarKernel(
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
    this.shape =
        PlanarTileEmitter.Shape.of(
            conv.outputsPerGroup(), conv.dilationW(), conv.kernelW(), lanes * Float.SIZE);
    this.tile = emitter.planarTile(shape, Clamp.of(conv.activation()));
    int pixels = shape.vectors() * lanes;
    this.tiles = Math.ceilDiv(geometry.output().w(), pixels);
    this.outputPlane = tiles * pixels;
    this.inputPlane = Math.addExact(outputPlane, conv.effectiveKernelW() - 1);
    this.runs = new int[conv.kernelH() * conv.channelsPerGroup()];
    Arrays.setAll(
        runs,
        run -> {
          int row = run / conv.channelsPerGroup() * conv.dilationH();
          return (row * conv.inChannels() + run % conv.channelsPerGroup()) * inputPlane;
        });
    this.weightFloats =
        (conv.channelsPerGroup() * conv.kernelH() * conv.kernelW() + 1) * conv.outputsPerGroup();
    this.weights = pack(packed.of(given));
    this.apart = new NarrowTurn(conv.inChannels(), emitter);
    this.together = new NarrowTurn(conv.outChannels(), emitter);
    int fitting = STRIP_VALUES / (conv.inChannels() * inputPlane) - conv.effectiveKernelH();
    this.stripRows = Math.clamp(fitting / conv.strideH() + 1, 1, geometry.output().h());
  }

  /** Why this is no kernel for a convolution, or not the best; empty if it is. */
  static Optional<String> refusal(Conv2d conv, ConvGeometry geometry, int lanes) {
    int most = InterleaveTile.MOST_CHANNELS;
    if (conv.inChannels() > most || conv.outChannels() > most) {
      return Optional.of(
          "%d to %d channels, more than %d".formatted(conv.inChannels(), conv.outChannels(), most));
    }
    if (conv.inChannels() > lanes || conv.outChannels() > lanes) {
      return Optional.of("more channels than the %d lanes".formatted(lanes));
    }
    if (conv.strideW() > 1) {
      return Optional.of("a stride along the row");
    }
    if (conv.residual()) {
      return Optional.of("a residual");
    }
    int width = geometry.output().w();
    return width >= 2 * lanes
        ? Optional.empty()
        : Optional.of("rows of %d pixels, less than two vectors".formatted(width));
  }

  /** All that the order of the packed weights depends on. */
  private record Packing(int groups, int channels, int outputs, int rows, int columns) {}

  private Span pack(PackedWeights.Packer given) {
    return given.packed(
        new Packing(
            conv.groups(),
            conv.channelsPerGroup(),
            conv.outputsPerGroup(),
            conv.kernelH(),
            conv.kernelW()),
        () -> packNew(given));
  }

  private Span packNew(PackedWeights.Packer given) {
    Span packed = given.allocate(conv.groups() * weightFloats);
    float[] filter = given.filter();
    float[] bias = given.biasOrZeros(conv.outChannels());
    int outputs = conv.outputsPerGroup();
    int channels = conv.channelsPerGroup();
    int source = 0;
    for (int output = 0; output < conv.outChannels(); output++) {
      int to = packed.offset() + output / outputs * weightFloats + output % outputs;
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < conv.kernelH(); i++) {
          for (int j = 0; j < conv.kernelW(); j++) {
            int place = (i * channels + c) * conv.kernelW() + j;
            packed.array()[to + place * outputs] = filter[source++];
          }
        }
      }
      packed.array()[to + weightFloats - outputs] = bias[output];
    }
    return packed;
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName())
        + "-planar-%dx%dv%d-generated".formatted(shape.outputs(), shape.vectors(), lanes);
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  private int inputRows(int rows) {
    return (rows - 1) * conv.strideH() + conv.effectiveKernelH();
  }

  @Override
  public int scratchFloats() {
    int input = Math.multiplyExact(inputRows(stripRows) * conv.inChannels(), inputPlane);
    return Math.addExact(input, Math.multiplyExact(conv.outChannels(), outputPlane));
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    List<TinyProblem> problems = new ArrayList<>();
    if (conv.dilationW() <= TinyProblem.MAX_REACH) {
      problems.add(tile.tinyProblem(shape, lanes));
    }
    if (conv.inChannels() > 1) {
      problems.add(apart.tinyProblem());
    }
    if (conv.outChannels() > 1 && conv.outChannels() != conv.inChannels()) {
      problems.add(together.tinyProblem());
    }
    if (Clamp.leaves(conv.activation())) {
      problems.add(VectorActivation.tinyProblem(conv.activation()));
    }
    return problems;
  }

  @Override
  public void compute(RowJob job) {
    fill(job);
    int output = job.scratch.offset() + inputRows(stripRows) * conv.inChannels() * inputPlane;
    float[] dst = job.dst.array();
    for (int r = 0; r < job.rows; r++) {
      row(job, r, output);
      int target = job.dst.offset() + out.row(job.n, 0, job.y + r);
      together.together(
          job.scratch.array(), output, outputPlane, dst, target, geometry.output().w());
      if (Clamp.leaves(conv.activation())) {
        VectorActivation.apply(conv.activation(), dst, target, target + out.rowFloats());
      }
    }
  }

  /** Takes the rows apart that lie inside the input, with zeros before and after each. */
  private void fill(RowJob job) {
    float[] planes = job.scratch.array();
    int first = geometry.inputRow(job.y);
    int left = Math.min(geometry.padding().left(), inputPlane);
    int inside = Math.min(in.shape().w(), inputPlane - left);
    int end = Math.min(in.shape().h(), first + inputRows(job.rows));
    for (int row = Math.max(0, first); row < end; row++) {
      int to = job.scratch.offset() + (row - first) * conv.inChannels() * inputPlane;
      int from = job.src.offset() + in.row(job.n, 0, row);
      apart.apart(job.src.array(), from, planes, to + left, inputPlane, inside);
      for (int c = 0; c < conv.inChannels(); c++) {
        Arrays.fill(planes, to, to + left, 0);
        Arrays.fill(planes, to + left + inside, to + inputPlane, 0);
        to += inputPlane;
      }
    }
  }

  private void row(RowJob job, int r, int output) {
    int channels = conv.channelsPerGroup();
    int firstRun = geometry.firstTapRow(job.y + r) * channels;
    int endRun = geometry.endTapRow(job.y + r) * channels;
    int source = job.scratch.offset() + r * conv.strideH() * conv.inChannels() * inputPlane;
    int weight = weights.offset();
    for (int group = 0; group < conv.groups(); group++) {
      tile.compute(
          job.scratch.array(),
          source + group * channels * inputPlane,
          runs,
          firstRun,
          endRun,
          conv.kernelW(),
          weights.array(),
          weight,
          weight + weightFloats - conv.outputsPerGroup(),
          job.scratch.array(),
          output + group * conv.outputsPerGroup() * outputPlane,
          outputPlane,
          tiles);
      weight += weightFloats;
    }
  }
}
