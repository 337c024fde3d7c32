package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
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
 * Both stages of a separable convolution, strip by strip: a few rows of the depthwise stage go into
 * a scratch that stays in the second-level cache, and from there through the matrix product.
 *
 * <pre>
 *   scratch   [pixel of the strip][channel], each pixel {@code pixelStride} floats
 * </pre>
 */
final class FusedSeparableKernel implements RowKernel {

  /** Values of the scratch: about 256 KiB. */
  private static final int SCRATCH_VALUES = 64 * 1024;

  /** The most values of the scratch where there are many weights: about 512 KiB. */
  private static final int MAX_SCRATCH_VALUES = 128 * 1024;

  private final SeparableConv2d separable;
  private final Shape between;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final int lanes;
  private final DepthwiseKernel depthwise;
  private final MatrixProduct pointwise;
  private final int pixelStride;
  private final int stripRows;

  /** A kernel whose input is a tensor. */
  FusedSeparableKernel(
      SeparableConv2d separable,
      SeparableWeights weights,
      Shape input,
      VectorEmitter emitter,
      PackedWeights packed) {
    this(
        separable,
        weights,
        input,
        emitter,
        packed,
        ChannelBlocks.ofVectors(input, emitter.lanes()),
        Integer.MAX_VALUE);
  }

  /**
   * @param in how the input lies, see {@link DepthwiseKernel}
   * @param mostRows of a strip
   */
  FusedSeparableKernel(
      SeparableConv2d separable,
      SeparableWeights weights,
      Shape input,
      VectorEmitter emitter,
      PackedWeights packed,
      ChannelBlocks in,
      int mostRows) {
    this.in = in;
    this.separable = separable;
    Conv2d first = separable.depthwise();
    this.between = first.outputShape(input);
    this.out = ChannelBlocks.ofVectors(separable.outputShape(input), emitter.lanes());
    this.lanes = emitter.lanes();
    this.pixelStride = emitter.pixelStride(between.c());
    this.depthwise =
        new DepthwiseKernel(
            first, weights.depthwise(), first.geometry(input), emitter, packed, in, pixelStride);
    MatrixAccess access =
        new MatrixAccess(
            between.c(),
            new int[] {0},
            pixelStride,
            Integer.MAX_VALUE,
            0,
            out.block(),
            out.block() < lanes);
    this.pointwise =
        new MatrixProduct(separable.pointwise(), weights.pointwise(), 0, access, emitter, packed);
    // Each strip reads all weights: as many, so much larger a strip.
    long values =
        Math.clamp(separable.pointwise().filterSize(), SCRATCH_VALUES, MAX_SCRATCH_VALUES);
    long rowValues = (long) between.w() * emitter.pixelFloats(between.c());
    long likes = Math.clamp(values / rowValues, 1, between.h());
    this.stripRows = (int) Math.min(likes, mostRows);
  }

  @Override
  public String id() {
    return "f32-separable-%s-%s-%s-generated"
        .formatted(out.layoutName(), KernelIds.shape(separable.depthwise()), pointwise.tileName());
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public int scratchFloats() {
    return Math.multiplyExact(stripRows * between.w(), pixelStride);
  }

  @Override
  public int maxSlices() {
    return pointwise.panels();
  }

  @Override
  public double repeatedShare() {
    // A tap of the depthwise stage takes about three times as long as one of the pointwise stage.
    Conv2d first = separable.depthwise();
    double taps = 3.0 * first.kernelH() * first.kernelW();
    return taps / (taps + out.shape().c());
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    return tinyProblems(partition, partition.rowCounts(between.h()));
  }

  /**
   * @param rowCounts how many rows are computed at once
   */
  List<TinyProblem> tinyProblems(Partition partition, IntStream rowCounts) {
    List<TinyProblem> problems = pointwise.tinyProblems(rowCounts.map(rows -> rows * between.w()));
    problems.addAll(depthwise.tinyProblems(partition));
    return problems;
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    return upgrades(partition, partition.rowCounts(between.h()));
  }

  /** As {@link #tinyProblems(Partition, IntStream)}. */
  List<Upgrade> upgrades(Partition partition, IntStream rowCounts) {
    List<Upgrade> upgrades = new ArrayList<>();
    upgrades.addAll(pointwise.upgrades(rowCounts.map(rows -> rows * between.w())));
    upgrades.addAll(depthwise.upgrades(partition));
    return upgrades;
  }

  @Override
  public void compute(RowJob job) {
    compute(
        job,
        job.src.array(),
        job.src.offset() + in.row(job.n, 0, 0),
        job.y,
        job.rows,
        job.scratch.offset());
  }

  /**
   * Computes some rows of the job's image.
   *
   * @param srcOffset where the first row of the first block of the image starts
   * @param y the first of the rows
   * @param rows at most {@link #stripRows()}
   * @param scratchOffset where, in the job's scratch, that of this kernel begins
   */
  void compute(RowJob job, float[] src, int srcOffset, int y, int rows, int scratchOffset) {
    float[] scratch = job.scratch.array();
    depthwise.rows(
        src,
        srcOffset,
        y,
        rows,
        Span.EMPTY.array(),
        0,
        scratch,
        scratchOffset,
        lanes,
        between.w() * pixelStride);
    int pixels = rows * between.w();
    activate(scratch, scratchOffset, pixels);
    int place = out.row(job.n, 0, y);
    float[] dst = job.dst.array();
    int target = job.dst.offset() + place;
    pointwise.multiply(
        scratch,
        scratchOffset,
        pixels,
        job.residual.array(),
        job.residual.offset() + place,
        dst,
        target,
        out.planeFloats(),
        job.slice,
        job.slices);
    pointwise.activate(dst, target, out.planeFloats(), pixels, job.slice, job.slices);
  }

  /** What the depthwise stage's activation is more than a clamp. */
  private void activate(float[] scratch, int offset, int pixels) {
    Activation activation = separable.depthwise().activation();
    if (!Clamp.leaves(activation)) {
      return;
    }
    for (int pixel = 0; pixel < pixels; pixel++) {
      int from = offset + pixel * pixelStride;
      VectorActivation.apply(activation, scratch, from, from + between.c());
    }
  }
}
