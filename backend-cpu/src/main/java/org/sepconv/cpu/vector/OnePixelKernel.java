package org.sepconv.cpu.vector;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.KernelIds;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.GeneralSlot;
import org.sepconv.cpu.tile.PixelCopy;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Pointwise convolution of a single pixel: classifiers, squeeze-and-excite blocks. The weights,
 * read once for all images of a strip, are all that takes time.
 *
 * <pre>
 *   scratch   [image][channel], each image {@code imageStride} floats: one matrix for the product
 * </pre>
 */
final class OnePixelKernel implements RowKernel {

  /** Values of a strip, input or output: about 256 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 64 * 1024;

  private final Conv2d conv;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final MatrixProduct product;
  private final GeneralSlot<PixelCopy> copy;
  private final int imageStride;
  private final int stripRows;

  OnePixelKernel(
      Conv2d conv,
      ConvWeights weights,
      ConvGeometry geometry,
      VectorEmitter emitter,
      PackedWeights packed) {
    this.conv = conv;
    this.in = ChannelBlocks.ofVectors(geometry.input(), emitter.lanes());
    this.out = ChannelBlocks.ofVectors(geometry.output(), emitter.lanes());
    this.imageStride = emitter.pixelStride(conv.inChannels());
    int images = geometry.output().n();
    int values = Math.max(emitter.pixelFloats(conv.inChannels()), conv.outChannels());
    this.stripRows = Math.clamp(STRIP_VALUES / values, 1, images);
    this.copy = emitter.pixelCopy();
    MatrixAccess access =
        new MatrixAccess(
            conv.inChannels(),
            new int[] {0},
            imageStride,
            Integer.MAX_VALUE,
            0,
            out.imageFloats(),
            out.block() < emitter.lanes(),
            stripRows);
    this.product = new MatrixProduct(conv, weights, 0, access, emitter, packed);
  }

  /** Why this is no kernel for a convolution; empty if it is one. */
  static Optional<String> refusal(Conv2d conv, ConvGeometry geometry) {
    if (conv.groups() > 1
        || conv.kernelH() > 1
        || conv.kernelW() > 1
        || !geometry.padding().equals(new Padding.Explicit(0, 0, 0, 0))) {
      return Optional.of("not pointwise, or with padding");
    }
    Shape shape = geometry.input();
    return shape.h() == 1 && shape.w() == 1
        ? Optional.empty()
        : Optional.of("%dx%d pixels".formatted(shape.h(), shape.w()));
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName()) + "-pixel-" + product.tileName() + "-generated";
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public boolean joinsImages() {
    return true;
  }

  @Override
  public int scratchFloats() {
    return Math.multiplyExact(stripRows, imageStride) + Span.SLACK;
  }

  @Override
  public int maxSlices() {
    return product.panels();
  }

  @Override
  public double repeatedShare() {
    return 0.01; // the copy of the pixels
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    IntStream images = partition.rowCounts(Integer.MAX_VALUE);
    List<TinyProblem> problems = product.tinyProblems(images);
    copy.tinyProblem().ifPresent(problems::add);
    return problems;
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    List<Upgrade> upgrades = product.upgrades(partition.rowCounts(Integer.MAX_VALUE));
    upgrades.addAll(copy.upgrades());
    return upgrades;
  }

  @Override
  public void compute(RowJob job) {
    float[] matrix = job.scratch.array();
    int first = job.scratch.offset();
    int from = job.src.offset() + in.row(job.n, 0, 0);
    copy.tile()
        .compute(
            job.src.array(),
            from,
            in.planeFloats(),
            in.imageFloats(),
            matrix,
            first,
            imageStride,
            job.rows,
            in.count(),
            0);
    int place = out.row(job.n, 0, 0);
    float[] target = job.dst.array();
    int to = job.dst.offset() + place;
    int step = out.planeFloats();
    product.multiply(
        matrix,
        first,
        job.rows,
        job.residual.array(),
        job.residual.offset() + place,
        target,
        to,
        step,
        job.slice,
        job.slices);
    for (int image = 0; image < job.rows; image++) {
      product.activate(target, to + image * out.imageFloats(), step, 1, job.slice, job.slices);
    }
  }
}
