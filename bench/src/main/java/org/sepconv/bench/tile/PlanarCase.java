package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.PlanarTile;
import org.sepconv.cpu.tile.PlanarTileEmitter.Shape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;

/** A tile of few channels, each a plane: vectors of neighbouring pixels. */
final class PlanarCase implements TileCase {

  /** Filter rows. */
  private static final int RUNS = 3;

  private static final int TILES = 2;

  private final Shape shape;
  private final int depth;
  private final int pixels;
  private final float[] src;
  private final float[] weights;
  private final float[] out;
  private final int[] runs = new int[RUNS];
  private final PlanarTile tile;

  private PlanarCase(VectorEmitter emitter, int outputs, int depth) {
    int lanes = emitter.lanes();
    this.shape = Shape.of(outputs, 1, depth, lanes * Float.SIZE);
    this.depth = depth;
    this.pixels = TILES * shape.vectors() * lanes;
    Integers integers = new Integers();
    this.src = integers.array(RUNS * (pixels + depth));
    this.weights = integers.array((RUNS * depth + 1) * outputs);
    this.out = Integers.target(outputs * pixels);
    for (int i = 0; i < RUNS; i++) {
      runs[i] = i * (pixels + depth);
    }
    this.tile = emitter.planarTile(shape, Clamp.of(new Activation.Relu()));
  }

  /** Blurs and the like, with one to four outputs. */
  static List<TileCase> all(int bits) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    List<TileCase> all = new ArrayList<>();
    for (int outputs = 1; outputs <= 4; outputs++) {
      for (int depth : new int[] {3, 31}) {
        all.add(new PlanarCase(emitter, outputs, depth));
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
    return 2L * out.length * RUNS * depth;
  }

  @Override
  public void run() {
    int bias = RUNS * depth * shape.outputs();
    tile.compute(src, 0, runs, 0, RUNS, depth, weights, 0, bias, out, 0, pixels, TILES);
  }

  @Override
  public float[] output() {
    return out;
  }

  @Override
  public double[] expected() {
    double[] expected = Integers.expected(out);
    int outputs = shape.outputs();
    for (int i = 0; i < out.length; i++) {
      int output = i / pixels;
      double sum = weights[RUNS * depth * outputs + output];
      for (int tap = 0; tap < RUNS * depth; tap++) {
        int from = runs[tap / depth] + tap % depth + i % pixels;
        sum += (double) src[from] * weights[tap * outputs + output];
      }
      expected[i] = Math.max(0, sum);
    }
    return expected;
  }
}
