package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * A pointwise convolution that widens and a separable one behind it, strip by strip: the rows
 * between them go into a ring that stays in the second-level cache, each computed once for all the
 * rows of a job that meet it.
 *
 * <pre>
 *   scratch   [ring of {@link ExpandedRows}][scratch of {@link FusedSeparableKernel}]
 * </pre>
 */
final class InvertedResidualKernel implements RowKernel {

  /** Bytes of an expanded image that do not stay in the second-level cache. */
  private static final long FAR_BYTES = 1 << 20;

  /** Values between the stages: about 384 KiB. */
  private static final int VALUES = 96 * 1024;

  private final ConvGeometry geometry;
  private final ExpandedRows expanded;
  private final FusedSeparableKernel separable;

  InvertedResidualKernel(
      Conv2d expansion,
      ConvWeights expansionWeights,
      SeparableConv2d separable,
      SeparableWeights weights,
      Shape input,
      VectorEmitter emitter,
      PackedWeights packed) {
    Conv2d depthwise = separable.depthwise();
    Shape between = expansion.outputShape(input);
    this.geometry = depthwise.geometry(between);
    long expandedRow = (long) between.w() * emitter.padded(between.c());
    long depthwiseRow = (long) geometry.output().w() * emitter.padded(depthwise.outChannels());
    long shared = (depthwise.effectiveKernelH() - depthwise.strideH()) * expandedRow;
    long more = (VALUES - shared) / (depthwise.strideH() * expandedRow + depthwiseRow);
    int rows = Math.clamp(more, 1, geometry.output().h());
    int ring = depthwise.effectiveKernelH() + (rows - 1) * depthwise.strideH();
    this.expanded =
        new ExpandedRows(
            expansion, expansionWeights, input, Math.min(ring, between.h()), emitter, packed);
    this.separable =
        new FusedSeparableKernel(
            separable, weights, between, emitter, packed, expanded.ring(), rows);
  }

  /** Why one stage after the other is as fast; empty if it is not. */
  static Optional<String> refusal(Shape expanded, VectorEmitter emitter) {
    long bytes = (long) Float.BYTES * expanded.h() * expanded.w() * emitter.padded(expanded.c());
    return bytes > FAR_BYTES
        ? Optional.empty()
        : Optional.of(
            "what is expanded, %d bytes of an image, is no more than the %d up to which it stays in the cache"
                .formatted(bytes, FAR_BYTES));
  }

  @Override
  public String id() {
    return separable.id().replace("-separable-", "-inverted-residual-");
  }

  /** All of an image: rows that two jobs meet are computed by both. */
  @Override
  public int stripRows() {
    return geometry.output().h();
  }

  @Override
  public int scratchFloats() {
    return Math.addExact(expanded.floats(), separable.scratchFloats());
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    List<TinyProblem> problems = new ArrayList<>(expanded.tinyProblems());
    problems.addAll(separable.tinyProblems(partition, rowCounts(partition)));
    return problems;
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    List<Upgrade> upgrades = new ArrayList<>(expanded.upgrades());
    upgrades.addAll(separable.upgrades(partition, rowCounts(partition)));
    return upgrades;
  }

  /** How many rows are computed at once: strips, and what is left at the end of a job. */
  private IntStream rowCounts(Partition partition) {
    int most = separable.stripRows();
    return partition
        .rowCounts(geometry.output().h())
        .flatMap(rows -> IntStream.of(Math.min(rows, most), rows % most))
        .filter(rows -> rows > 0)
        .distinct();
  }

  @Override
  public void compute(RowJob job) {
    float[] scratch = job.scratch.array();
    int offset = job.scratch.offset();
    ChannelBlocks ring = expanded.ring();
    expanded.clear(scratch, offset);
    int end = job.y + job.rows;
    int next = 0;
    for (int y = job.y; y < end; y += separable.stripRows()) {
      int rows = Math.min(separable.stripRows(), end - y);
      int first = Math.max(next, geometry.inputRow(y));
      int met = geometry.inputRow(y + rows - 1) + geometry.conv().effectiveKernelH();
      next = Math.max(next, Math.min(met, geometry.input().h()));
      expanded.rows(job.src, job.n, first, next, scratch, offset);
      separable.compute(
          job, scratch, offset + ring.row(0, 0, 0), y, rows, offset + expanded.floats());
    }
  }
}
