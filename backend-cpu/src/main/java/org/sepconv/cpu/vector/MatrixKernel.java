package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.KernelKind;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.KernelIds;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Pointwise, standard and grouped convolution as an indirect matrix product: strip of rows by strip
 * of rows, the input is copied to where all channels of a pixel lie side by side ({@link
 * MatrixStrip}), and each pixel's row of the matrix is where it lies there, tap by tap.
 */
final class MatrixKernel implements RowKernel {

  /** Values of a strip, input or output: about 256 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 64 * 1024;

  /** The most values of a strip where the weights do not stay in that cache: about 1 MiB. */
  private static final int MAX_STRIP_VALUES = 256 * 1024;

  /** Of a strip, and of weights that are read with it, in the first-level cache: 24 KiB. */
  private static final int NEAR_VALUES = 6 * 1024;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final boolean gated;
  private final ChannelBlocks out;
  private final MatrixStrip strip;
  private final MatrixProduct[] groups;
  private final int stripRows;
  private final int stripFloats;

  /** Whether the outputs of a group may end inside a block: then they take a detour. */
  private final boolean ragged;

  /** Distance between the pixels on that detour. */
  private final int raggedStride;

  MatrixKernel(
      Conv2d conv,
      ConvWeights weights,
      ConvGeometry geometry,
      VectorEmitter emitter,
      PackedWeights packed) {
    this(conv, weights, geometry, false, emitter, packed);
  }

  /**
   * @param gated whether the input is multiplied by the job's gate first
   */
  MatrixKernel(
      Conv2d conv,
      ConvWeights weights,
      ConvGeometry geometry,
      boolean gated,
      VectorEmitter emitter,
      PackedWeights packed) {
    this.conv = conv;
    this.gated = gated;
    this.geometry = geometry;
    int lanes = emitter.lanes();
    this.out = ChannelBlocks.ofVectors(geometry.output(), emitter.lanes());
    this.strip = new MatrixStrip(geometry, gated, emitter);
    this.stripRows = stripRows(conv, geometry.output(), strip.floatsOfRow());
    this.stripFloats = Math.toIntExact(strip.floats(stripRows) + Span.SLACK);
    this.ragged = conv.groups() > 1 && conv.outputsPerGroup() % lanes != 0;
    this.raggedStride = conv.outChannels() + lanes;
    int depth = conv.channelsPerGroup() * (strip.joined ? conv.kernelW() : 1);
    this.groups = new MatrixProduct[conv.groups()];
    for (int group = 0; group < groups.length; group++) {
      MatrixAccess access =
          new MatrixAccess(
              depth,
              strip.tapOffsets(stripRows, group),
              strip.outputStride(),
              strip.run(),
              strip.runStride(),
              ragged ? raggedStride : out.block(),
              !ragged && out.block() < lanes);
      groups[group] = new MatrixProduct(conv, weights, group, access, emitter, packed);
    }
  }

  /**
   * @param rowFloats of input that an output row needs
   */
  private static int stripRows(Conv2d conv, Shape output, long rowFloats) {
    if (conv.kind() == KernelKind.POINTWISE
        && Math.max(conv.filterSize(), rowFloats) <= NEAR_VALUES) {
      // While short strips are multiplied the machine fetches what comes next from the input.
      return Math.clamp(NEAR_VALUES / rowFloats, 1, output.h());
    }
    long rowValues = Math.max((long) output.w() * output.c(), rowFloats);
    // Each strip reads all weights: as many, so much larger a strip.
    long stripValues = Math.clamp(conv.filterSize(), STRIP_VALUES, MAX_STRIP_VALUES);
    return Math.clamp(stripValues / rowValues, 1, output.h());
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName())
        + (gated ? "-gated-" : "-")
        + groups[0].tileName()
        + "-generated";
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public int scratchFloats() {
    int detour = ragged ? Math.multiplyExact(stripRows * geometry.output().w(), raggedStride) : 0;
    return Math.addExact(stripFloats, detour);
  }

  @Override
  public int maxSlices() {
    return groups.length > 1 ? groups.length : groups[0].panels();
  }

  @Override
  public double repeatedShare() {
    return 0.05; // the copy of the strip
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    Shape shape = geometry.output();
    // All groups use the same tiles.
    List<TinyProblem> problems =
        groups[0].tinyProblems(partition.rowCounts(shape.h()).map(rows -> rows * shape.w()));
    if (conv.strideW() <= TinyProblem.MAX_REACH) {
      strip.tinyProblem().ifPresent(problems::add);
    }
    return problems;
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    Shape shape = geometry.output();
    List<Upgrade> upgrades = new ArrayList<>(strip.upgrades());
    // Each group has slots of its own for the same tiles.
    for (MatrixProduct group : groups) {
      upgrades.addAll(group.upgrades(partition.rowCounts(shape.h()).map(rows -> rows * shape.w())));
    }
    return upgrades;
  }

  @Override
  public void compute(RowJob job) {
    strip.fill(job, stripRows);
    multiply(job);
  }

  private void multiply(RowJob job) {
    Span residual = job.residual;
    Span dst = job.dst;
    Span scratch = job.scratch;
    int slice = job.slice;
    int slices = job.slices;
    int pixels = job.rows * geometry.output().w();
    // Groups are sliced as a whole, a single one by its panels.
    boolean byGroup = groups.length > 1;
    int firstGroup = byGroup ? groups.length * slice / slices : 0;
    int endGroup = byGroup ? groups.length * (slice + 1) / slices : 1;
    int detour = scratch.offset() + stripFloats;
    int place = out.row(job.n, 0, job.y);
    int target = dst.offset() + place;
    int added = residual.offset() + place;
    for (int group = firstGroup; group < endGroup; group++) {
      int output = group * conv.outputsPerGroup();
      if (ragged && conv.residual()) {
        detour(residual.array(), added, pixels, output, scratch.array(), detour);
      }
      groups[group].multiply(
          scratch.array(),
          scratch.offset(),
          pixels,
          ragged ? scratch.array() : residual.array(),
          ragged ? detour + output : added + output / out.block() * out.planeFloats(),
          ragged ? scratch.array() : dst.array(),
          ragged ? detour + output : target + output / out.block() * out.planeFloats(),
          ragged ? out.block() : out.planeFloats(),
          byGroup ? 0 : slice,
          byGroup ? 1 : slices);
    }
    if (ragged) {
      int firstOutput = firstGroup * conv.outputsPerGroup();
      int endOutput = endGroup * conv.outputsPerGroup();
      finish(dst.array(), target, pixels, firstOutput, endOutput, scratch.array(), detour);
      return;
    }
    for (int group = firstGroup; group < endGroup; group++) {
      int from = target + group * conv.outputsPerGroup() / out.block() * out.planeFloats();
      groups[group].activate(
          dst.array(), from, out.planeFloats(), pixels, byGroup ? 0 : slice, byGroup ? 1 : slices);
    }
  }

  /** Copies the residual of a group to where its outputs go on the detour, which replace it. */
  private void detour(
      float[] residual, int added, int pixels, int output, float[] scratch, int detour) {
    for (int p = 0; p < pixels; p++) {
      int to = detour + p * raggedStride;
      for (int o = output; o < output + conv.outputsPerGroup(); o++) {
        int block = added + o / out.block() * out.planeFloats();
        scratch[to + o] = residual[block + p * out.block() + o % out.block()];
      }
    }
  }

  /** Activates and copies outputs {@code first} to {@code end - 1} from the detour. */
  private void finish(
      float[] dst, int target, int pixels, int first, int end, float[] scratch, int detour) {
    boolean activated = Clamp.leaves(conv.activation());
    for (int p = 0; p < pixels; p++) {
      int from = detour + p * raggedStride;
      if (activated) {
        VectorActivation.apply(conv.activation(), scratch, from + first, from + end);
      }
      for (int o = first; o < end; o++) {
        int block = target + o / out.block() * out.planeFloats();
        dst[block + p * out.block() + o % out.block()] = scratch[from + o];
      }
    }
  }
}
