package org.sepconv.bench.tile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sepconv.bench.Environment;
import org.sepconv.cpu.tile.Fence;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.vector.VectorKernels;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;

/**
 * How fast matrix tiles with fences are, wherever the JVM puts the array that a fence is stored to:
 * 256 of them, one behind the other, lie at every distance from the end of a page.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -XX:UseAVX=2 -cp 'cli/target/lib/*'
 *       org.sepconv.bench.tile.FencePlaces
 * </pre>
 *
 * <p>Each place counts with its fastest round, so that other programs disturb little.
 */
public final class FencePlaces {
  private static final int PLACES = 256;
  private static final int WARM_ROUNDS = 40;
  private static final int ROUNDS = 20;
  private static final long SLICE_NANOS = 50_000;

  private FencePlaces() {}

  /** Speeds of a tile in FLOP/s, a place each. */
  static List<Double> speeds(MatrixCase tile) {
    float[][] fences =
        Stream.generate(() -> new float[Fence.FLOATS]).limit(PLACES).toArray(float[][]::new);
    double[] best = new double[PLACES];
    for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
      for (int place = 0; place < PLACES; place++) {
        float[] fence = fences[place];
        double seconds =
            Quantiles.median(
                new Stopwatch(() -> tile.run(fence), System::nanoTime).slice(SLICE_NANOS));
        if (round >= 0) {
          best[place] = Math.max(best[place], tile.flops() / seconds);
        }
      }
    }
    return Arrays.stream(best).boxed().toList();
  }

  /** Prints a table. */
  public static void main(String[] arguments) {
    int bits = VectorKernels.preferredBits();
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    System.out.printf(
        "%s, %d bits%n%n| tile | slowest place | second | median | fastest, GFLOP/s |%n|---|--:|--:|--:|--:|%n",
        Environment.here(), bits);
    for (MatrixTileShape shape : MatrixTileShape.offered(bits)) {
      MatrixCase tile = MatrixCase.of(emitter, shape);
      List<Double> speeds = speeds(tile).stream().sorted().toList();
      System.out.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f | %.1f |%n",
          tile.name(),
          speeds.getFirst() / 1e9,
          speeds.get(1) / 1e9,
          Quantiles.median(speeds) / 1e9,
          speeds.getLast() / 1e9);
    }
  }
}
