package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.MatrixTile;
import org.sepconv.cpu.tile.MatrixTileEmitter;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.TileRows;
import org.sepconv.cpu.tile.VectorEmitter;

/**
 * A matrix tile: some pixels by some vectors of outputs, on the blocks of channels of a pointwise
 * convolution.
 */
final class MatrixCase implements TileCase {

  /** Floats of a panel of weights: 12 KiB, which leaves the first-level cache room for the rest. */
  private static final int PANEL = 3 * 1024;

  private static final int MOST_DEPTH = 192;

  /** Of layers with few channels, where what a tile does before and after its loop counts. */
  private static final int SHORT_DEPTH = 32;

  private final MatrixTileShape shape;
  private final int lanes;
  private final int depth;
  private final int tiles;
  private final TileRows rows;
  private final Span a;
  private final Span panel;
  private final Span bias;
  private final int written;
  private final Span out;
  private final int vectorStep;
  private final int[] taps = {0};
  private final MatrixTile tile;

  private MatrixCase(
      VectorEmitter emitter, Integers integers, MatrixTileShape shape, int mostDepth) {
    this.shape = shape;
    this.lanes = emitter.lanes();
    this.depth = Math.min(mostDepth, PANEL / (shape.vectors() * lanes));
    this.tiles = MatrixTileEmitter.loops(lanes * Float.SIZE) ? 8 : 1;
    this.rows = new TileRows(shape.rows(), depth, shape.rows(), 0);
    int width = shape.vectors() * lanes;
    this.a = integers.values(tiles * shape.rows() * depth);
    this.panel = integers.values(depth * width);
    this.bias = integers.values(width);
    this.vectorStep = tiles * shape.rows() * lanes;
    this.written = shape.vectors() * vectorStep;
    this.out = integers.target(written);
    this.tile =
        emitter
            .matrixTile(
                rows,
                shape.vectors(),
                depth,
                false,
                false,
                lanes,
                MatrixTileEmitter.Part.of(0, 1, false),
                Clamp.of(new Activation.Relu()))
            .tile();
  }

  /**
   * Each shape, with every number of rows that the last pixels of a map can leave to it, and the
   * full one with few products too.
   */
  static List<TileCase> all(int bits, Integers integers) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    List<TileCase> all = new ArrayList<>();
    for (MatrixTileShape shape : MatrixTileShape.offered(bits)) {
      all.add(new MatrixCase(emitter, integers, shape, SHORT_DEPTH));
      for (int rows = shape.rows(); rows > 0; rows--) {
        MatrixTileShape lower = new MatrixTileShape(rows, shape.vectors());
        all.add(new MatrixCase(emitter, integers, lower, MOST_DEPTH));
      }
    }
    for (int pixels = 1; ; pixels++) {
      Optional<MatrixTileShape> few = emitter.fewRows(pixels, 60 * emitter.lanes());
      if (few.isEmpty()) {
        return all;
      }
      all.add(new MatrixCase(emitter, integers, few.get(), MOST_DEPTH));
    }
  }

  @Override
  public String name() {
    return "matrix %s, depth %d".formatted(shape, depth);
  }

  @Override
  public long flops() {
    return 2L * tiles * shape.rows() * shape.vectors() * lanes * depth;
  }

  @Override
  public void run() {
    int width = shape.vectors() * lanes;
    tile.compute(
        a.array(),
        a.offset(),
        taps,
        depth,
        panel.array(),
        panel.offset(),
        bias.array(),
        bias.offset(),
        out.array(),
        out.offset(),
        out.array(),
        out.offset(),
        vectorStep,
        width,
        tiles,
        0);
  }

  @Override
  public float[] output() {
    return Integers.copy(out, written);
  }

  @Override
  public double[] expected() {
    double[] expected = new double[written];
    Arrays.fill(expected, Double.NaN);
    int width = shape.vectors() * lanes;
    for (int row = 0; row < tiles * shape.rows(); row++) {
      for (int o = 0; o < width; o++) {
        double sum = Integers.value(bias, o);
        for (int k = 0; k < depth; k++) {
          sum += Integers.value(a, row * depth + k) * Integers.value(panel, k * width + o);
        }
        expected[o / lanes * vectorStep + row * lanes + o % lanes] = Math.max(0, sum);
      }
    }
    return expected;
  }
}
