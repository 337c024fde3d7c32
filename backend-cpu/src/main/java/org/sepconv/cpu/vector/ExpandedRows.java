package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.GeneralSlot;
import org.sepconv.cpu.tile.PixelCopy;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * The latest rows of the output of a pointwise convolution, each in the place of one that is no
 * longer needed.
 *
 * <pre>
 *   scratch   [block of channels][zeros, then row y modulo the rows of the ring][column][channel]
 *             [row][column][input channel]: the input, copied as for any product
 * </pre>
 */
final class ExpandedRows {

  private final ChannelBlocks in;
  private final ChannelBlocks ring;
  private final MatrixProduct product;
  private final GeneralSlot<PixelCopy> copy;
  private final int pixelStride;

  /**
   * @param input of the convolution, which is pointwise, without stride or padding
   * @param rows of the ring
   */
  ExpandedRows(
      Conv2d conv,
      ConvWeights weights,
      Shape input,
      int rows,
      VectorEmitter emitter,
      PackedWeights packed) {
    int lanes = emitter.lanes();
    this.in = ChannelBlocks.ofVectors(input, lanes);
    this.ring = ChannelBlocks.ofVectors(new Shape(1, conv.outChannels(), rows, input.w()), lanes);
    this.copy = emitter.pixelCopy();
    this.pixelStride = emitter.pixelStride(input.c());
    MatrixAccess access =
        new MatrixAccess(
            input.c(),
            new int[] {0},
            pixelStride,
            Integer.MAX_VALUE,
            0,
            ring.block(),
            ring.block() < lanes);
    this.product = new MatrixProduct(conv, weights, 0, access, emitter, packed);
  }

  /** How the rows lie, from the beginning of the scratch on. */
  ChannelBlocks ring() {
    return ring;
  }

  /** Where the copied pixels are in the scratch. */
  private int copied() {
    return Math.addExact(Math.toIntExact(ring.floats()), Span.SLACK);
  }

  /** Floats of scratch. */
  int floats() {
    int pixels = ring.shape().h() * ring.shape().w();
    return Math.addExact(copied(), Math.multiplyExact(pixels, pixelStride) + Span.SLACK);
  }

  /** Clears the rows of zeros, where others may have written. */
  void clear(float[] scratch, int offset) {
    for (int block = 0; block < ring.count(); block++) {
      int from = offset + ring.row(0, block, -1);
      Arrays.fill(scratch, from, from + ring.rowFloats(), 0);
    }
  }

  /** Computes rows {@code y} to {@code end - 1} of image {@code n}, no more than the ring has. */
  void rows(Span src, int n, int y, int end, float[] scratch, int offset) {
    int height = ring.shape().h();
    for (int row = y; row < end; ) {
      int count = Math.min(end - row, height - row % height);
      together(src, n, row, count * in.shape().w(), scratch, offset);
      row += count;
    }
  }

  /** Computes pixels from row {@code y} on, up to the end of the ring at most. */
  private void together(Span src, int n, int y, int pixels, float[] scratch, int offset) {
    int from = offset + copied();
    copy.tile()
        .compute(
            src.array(),
            src.offset() + in.row(n, 0, y),
            in.planeFloats(),
            in.block(),
            scratch,
            from,
            pixelStride,
            pixels,
            in.count(),
            0);
    int to = offset + ring.row(0, 0, y % ring.shape().h());
    int step = ring.planeFloats();
    product.multiply(scratch, from, pixels, Span.EMPTY.array(), 0, scratch, to, step, 0, 1);
    product.activate(scratch, to, step, pixels, 0, 1);
  }

  List<TinyProblem> tinyProblems() {
    List<TinyProblem> problems = new ArrayList<>(product.tinyProblems(pixels()));
    copy.tinyProblem().ifPresent(problems::add);
    return problems;
  }

  List<Upgrade> upgrades() {
    List<Upgrade> upgrades = product.upgrades(pixels());
    upgrades.addAll(copy.upgrades());
    return upgrades;
  }

  private IntStream pixels() {
    return IntStream.rangeClosed(1, ring.shape().h()).map(rows -> rows * in.shape().w());
  }
}
