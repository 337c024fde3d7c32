package org.sepconv.cpu.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Pointwise convolution of few channels, which reads the blocks where they lie: each block is a tap
 * of the matrix product. With more channels the loop over short taps costs more than the copy that
 * {@link MatrixKernel} makes.
 */
final class PointwiseKernel implements RowKernel {

  /** Values of a strip, input or output: about 256 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 64 * 1024;

  /** Blocks of channels up to which reading them in place is faster, with 512 bits. */
  private static final int MAX_BLOCKS = 4;

  /** The same for an input of more than {@link #FAR_BYTES}. */
  private static final int MAX_FAR_BLOCKS = 8;

  /** Input that does not stay in the second-level cache: a copy would move it twice. */
  private static final long FAR_BYTES = 1 << 20;

  private final Conv2d conv;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final MatrixProduct product;
  private final int stripRows;

  PointwiseKernel(
      Conv2d conv,
      ConvWeights weights,
      ConvGeometry geometry,
      VectorEmitter emitter,
      PackedWeights packed) {
    this.conv = conv;
    this.in = ChannelBlocks.ofVectors(geometry.input(), emitter.lanes());
    this.out = ChannelBlocks.ofVectors(geometry.output(), emitter.lanes());
    Shape shape = geometry.output();
    int rowValues = shape.w() * Math.max(shape.c(), conv.inChannels());
    this.stripRows = Math.clamp(STRIP_VALUES / rowValues, 1, shape.h());
    int[] taps = new int[in.count()];
    Arrays.setAll(taps, block -> block * in.planeFloats());
    MatrixAccess access =
        new MatrixAccess(
            in.block(),
            taps,
            in.block(),
            Integer.MAX_VALUE,
            0,
            out.block(),
            out.block() < emitter.lanes());
    this.product = new MatrixProduct(conv, weights, 0, access, emitter, packed);
  }

  /** Why this is no kernel for a convolution, or not the best; empty if it is. */
  static Optional<String> refusal(Conv2d conv, ConvGeometry geometry, int lanes) {
    if (conv.groups() > 1
        || conv.kernelH() > 1
        || conv.kernelW() > 1
        || conv.strideH() > 1
        || conv.strideW() > 1
        || !geometry.padding().equals(new Padding.Explicit(0, 0, 0, 0))) {
      return Optional.of("not pointwise, or with a stride or padding");
    }
    int channels = conv.inChannels();
    boolean far = geometry.input().bytes() / geometry.input().n() > FAR_BYTES;
    int most = lanes * mostBlocks(lanes, far);
    if (channels > most) {
      return Optional.of(
          "%d channels, more than the %d up to which a copy costs more".formatted(channels, most));
    }
    return channels < lanes || channels % lanes == 0
        ? Optional.empty()
        : Optional.of("%d channels, which end within a vector of %d".formatted(channels, lanes));
  }

  /** With fewer than 512 bits a block is too short a tap: up to a fourth of the time. */
  private static int mostBlocks(int lanes, boolean far) {
    if (lanes * Float.SIZE < 512) {
      return 1;
    }
    return far ? MAX_FAR_BLOCKS : MAX_BLOCKS;
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName()) + "-" + product.tileName() + "-generated";
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public int scratchFloats() {
    return 0;
  }

  @Override
  public int maxSlices() {
    return product.panels();
  }

  @Override
  public double repeatedShare() {
    return 0;
  }

  @Override
  public List<TinyProblem> tinyProblems(Partition partition) {
    Shape shape = out.shape();
    return product.tinyProblems(partition.rowCounts(shape.h()).map(rows -> rows * shape.w()));
  }

  @Override
  public List<Upgrade> upgrades(Partition partition) {
    Shape shape = out.shape();
    return product.upgrades(partition.rowCounts(shape.h()).map(rows -> rows * shape.w()));
  }

  @Override
  public void compute(RowJob job) {
    int pixels = job.rows * out.shape().w();
    int from = job.src.offset() + in.row(job.n, 0, job.y);
    int place = out.row(job.n, 0, job.y);
    float[] target = job.dst.array();
    int to = job.dst.offset() + place;
    int step = out.planeFloats();
    product.multiply(
        job.src.array(),
        from,
        pixels,
        job.residual.array(),
        job.residual.offset() + place,
        target,
        to,
        step,
        job.slice,
        job.slices);
    product.activate(target, to, step, pixels, job.slice, job.slices);
  }
}
