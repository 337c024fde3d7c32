package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.PlanarTile;
import org.sepconv.cpu.tile.PlanarTileEmitter.Shape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;

/** A tile of few channels, each a plane: vectors of neighbouring pixels. */
final class PlanarCase implements TileCase {

  /** Filter rows. */
  private static final int RUNS = 3;

  private static final int TILES = 8;

  private final Shape shape;
  private final int depth;
  private final int pixels;
  private final Span src;
  private final Span weights;
  private final int written;
  private final Span out;
  private final int[] runs = new int[RUNS];
  private final PlanarTile tile;

  private PlanarCase(VectorEmitter emitter, Integers integers, int outputs, int depth) {
    int lanes = emitter.lanes();
    this.shape = Shape.of(outputs, 1, depth, lanes * Float.SIZE);
    this.depth = depth;
    this.pixels = TILES * shape.vectors() * lanes;
    this.src = integers.values(RUNS * (pixels + depth));
    this.weights = integers.values((RUNS * depth + 1) * outputs);
    this.written = outputs * pixels;
    this.out = integers.target(written);
    for (int i = 0; i < RUNS; i++) {
      runs[i] = i * (pixels + depth);
    }
    this.tile = emitter.planarTile(shape, Clamp.of(new Activation.Relu()));
  }

  /** Blurs and the like, with one to four outputs. */
  static List<TileCase> all(int bits, Integers integers) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    List<TileCase> all = new ArrayList<>();
    for (int outputs = 1; outputs <= 4; outputs++) {
      for (int depth : new int[] {3, 31}) {
        all.add(new PlanarCase(emitter, integers, outputs, depth));
      }
    }
    return all;
  }

  @Override
  public String name() {
    return "planar %dx%d, %d runs of %d".formatted(shape.outputs(), shape.vectors(), RUNS, depth);
  }

  @Override
  public long flops() {
    return 2L * written * RUNS * depth;
  }

  @Override
  public void run() {
    int bias = weights.offset() + RUNS * depth * shape.outputs();
    tile.compute(
        src.array(),
        src.offset(),
        runs,
        0,
        RUNS,
        depth,
        weights.array(),
        weights.offset(),
        bias,
        out.array(),
        out.offset(),
        pixels,
        TILES);
  }

  @Override
  public float[] output() {
    return Integers.copy(out, written);
  }

  @Override
  public double[] expected() {
    double[] expected = new double[written];
    Arrays.fill(expected, Double.NaN);
    int outputs = shape.outputs();
    for (int i = 0; i < written; i++) {
      int output = i / pixels;
      double sum = Integers.value(weights, RUNS * depth * outputs + output);
      for (int tap = 0; tap < RUNS * depth; tap++) {
        int from = runs[tap / depth] + tap % depth + i % pixels;
        sum += Integers.value(src, from) * Integers.value(weights, tap * outputs + output);
      }
      expected[i] = Math.max(0, sum);
    }
    return expected;
  }
}
