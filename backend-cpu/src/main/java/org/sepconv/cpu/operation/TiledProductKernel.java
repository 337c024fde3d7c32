package org.sepconv.cpu.operation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.spi.KernelCandidate;

/**
 * A product of stacks of matrices in tiles of some rows, whose sums stay in registers: the second
 * matrix is read where it lies. With a matrix in each lane, so is the first; where channels are
 * fewer than lanes or repeated, the rows of a tile are copied.
 *
 * <pre>
 *   scratch   [row of the tile][k][lane], where rows are copied
 * </pre>
 */
final class TiledProductKernel implements TensorKernel {
  private static final int MOST_ROWS = 8;

  /** Where the rows of a tile lie: each thread's own, so that a run allocates nothing. */
  private static final ThreadLocal<int[]> PLACES =
      ThreadLocal.withInitial(() -> new int[2 * MOST_ROWS]);

  private final ChannelBlocks output;
  private final Loops.ProductTiles tiles;
  private final int depth;
  private final int bStep;
  private final RowOperand first;
  private final RowOperand second;

  /** Whether one matrix is computed at a time, each value of the first for all lanes. */
  private final boolean repeated;

  private final boolean copied;

  /** Whether a row of the first matrix is one run of pixels that are shorter than a vector. */
  private final boolean shortPixels;

  TiledProductKernel(
      ChannelBlocks firstInput, ChannelBlocks secondInput, ChannelBlocks output, Loops loops) {
    this.output = output;
    this.tiles = loops.productTiles().orElseThrow();
    this.depth = firstInput.shape().w();
    this.bStep = secondInput.rowFloats();
    this.first = new RowOperand(firstInput, output);
    this.second = new RowOperand(secondInput, output);
    this.repeated = output.block() == 1;
    boolean sameChannels = firstInput.shape().c() == output.shape().c();
    this.shortPixels = sameChannels && !repeated && output.block() != tiles.lanes();
    this.copied = !sameChannels || shortPixels;
  }

  /** Why this is no kernel for a product; empty if it is one. */
  static Optional<String> refusal(ChannelBlocks secondInput, ChannelBlocks output, Loops loops) {
    if (loops.productTiles().isEmpty()) {
      return Optional.of("these kernels have no tiles for it");
    }
    int lanes = loops.productTiles().orElseThrow().lanes();
    if (!new RowOperand(secondInput, output).hasRows()) {
      return Optional.of("the second matrix is repeated along the channels");
    }
    if (lanes % output.block() != 0) {
      return Optional.of(
          "%d channels do not divide vectors of %d".formatted(output.block(), lanes));
    }
    return output.rowFloats() < lanes
        ? Optional.of("rows of %d values, fewer than a vector".formatted(output.rowFloats()))
        : Optional.empty();
  }

  @Override
  public String id() {
    return "f32-matrix-product-%s-%dx2v%d"
        .formatted(output.layoutName(), tiles.rows(), tiles.lanes());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(KernelCandidate.taken(id(), "tiles of rows, whose sums stay in registers"));
  }

  @Override
  public int units() {
    return output.rows();
  }

  @Override
  public long valuesPerUnit() {
    return Math.max(1, depth * (long) output.rowFloats() / 4);
  }

  @Override
  public int scratchFloats() {
    return copied ? Math.multiplyExact(tiles.rows() * tiles.lanes(), depth) : 0;
  }

  @Override
  public List<TinyProblem> tinyProblems() {
    return List.of(tiles.tinyProblem(repeated && !copied));
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = output.shape().h();
    int[] at = PLACES.get();
    for (int row = from; row < end; ) {
      int rows = Math.min(tiles.rows(), Math.min(end - row, height - row % height));
      int plane = row / height;
      int block = plane % output.count();
      int n = plane / output.count();
      for (int r = 0; r < tiles.rows(); r++) {
        // The last row stands for those that are missing.
        int y = row % height + Math.min(r, rows - 1);
        at[r] =
            copied
                ? copy(inputs[0], scratch, n, block, y, r)
                : inputs[0].offset() + first.row(n, block, y);
        at[tiles.rows() + r] = to.offset() + output.row(row + Math.min(r, rows - 1));
      }
      tiles.rows(
          copied ? scratch.array() : inputs[0].array(),
          repeated && !copied,
          at,
          depth,
          inputs[1].array(),
          inputs[1].offset() + second.row(n, block, 0),
          bStep,
          to.array(),
          output.rowFloats());
      row += rows;
    }
  }

  /** Copies a row of the first matrix, each pixel to a whole vector; where to. */
  private int copy(Span from, Span scratch, int n, int block, int y, int r) {
    float[] rows = scratch.array();
    int start = scratch.offset() + r * depth * tiles.lanes();
    if (shortPixels) {
      copyShort(from.array(), from.offset() + first.row(n, block, y), rows, start);
      return start;
    }
    for (int k = 0; k < depth; k++) {
      int pixel = start + k * tiles.lanes();
      first.copyPixel(from, n, block, y, k, rows, pixel);
      if (repeated) {
        Arrays.fill(rows, pixel + 1, pixel + tiles.lanes(), rows[pixel]);
      } else {
        Ranges.repeat(rows, pixel, output.block(), tiles.lanes());
      }
    }
    return start;
  }

  /** Copies a row pixel by pixel, each as often as a vector has place for. */
  private void copyShort(float[] from, int row, float[] to, int start) {
    int length = output.block();
    int end = start + depth * tiles.lanes();
    int pixel = row;
    for (int vector = start; vector < end; vector += tiles.lanes()) {
      for (int lane = 0; lane < tiles.lanes(); lane += length) {
        System.arraycopy(from, pixel, to, vector + lane, length);
      }
      pixel += length;
    }
  }
}
