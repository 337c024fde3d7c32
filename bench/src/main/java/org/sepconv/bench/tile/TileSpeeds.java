package org.sepconv.bench.tile;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.sepconv.bench.Environment;
import org.sepconv.cpu.vector.VectorKernels;
import org.sepconv.cpu.vector.VectorPeak;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;
import org.sepconv.timing.Turns;

/**
 * How fast each emitted tile is on data in the first-level cache, beside the multiply-add peak,
 * which is measured in turns with them.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp 'cli/target/lib/*' org.sepconv.bench.tile.TileSpeeds
 *       [text]      only tiles whose name contains it (default: all)
 * </pre>
 *
 * <p>The vectors are the longest that the JVM has: {@code -XX:UseAVX=2} makes them 256 bits, {@code
 * -XX:MaxVectorSize=16} 128. What counts is the processor time of the thread, so that other
 * programs disturb little. Each row is the median round, and so is its share of the peak of the
 * same round.
 */
public final class TileSpeeds {

  /** Until C2 has compiled all tiles, which it does while the others run. */
  private static final int WARM_ROUNDS = 40;

  private static final int ROUNDS = 15;
  private static final long SLICE_NANOS = 15_000_000;

  /** Twelve sums of so many steps: about 30 microseconds. */
  private static final int PEAK_STEPS = 10_000;

  private TileSpeeds() {}

  /** A tile, or the peak loop, being measured. */
  private static final class Contestant {
    private final TileCase tile;
    private final Stopwatch watch;
    private final Stopwatch peakWatch;
    private final List<Double> speeds = new ArrayList<>();
    private final List<Double> shares = new ArrayList<>();

    Contestant(TileCase tile, LongSupplier clock) {
      this.tile = tile;
      this.watch = new Stopwatch(tile::run, clock);
      this.peakWatch = new Stopwatch(() -> VectorPeak.run(PEAK_STEPS), clock);
    }

    void warmUp() {
      watch.slice(SLICE_NANOS);
      peakWatch.slice(1);
    }

    void measure() {
      double before = peak();
      double speed = tile.flops() / Quantiles.median(watch.slice(SLICE_NANOS));
      double after = peak();
      speeds.add(speed);
      shares.add(2 * speed / (before + after));
    }

    private double peak() {
      double seconds = Quantiles.median(peakWatch.slice(SLICE_NANOS / 4));
      return VectorPeak.run(PEAK_STEPS) / seconds;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %.0f %% | %.0f %% |",
          tile.name(),
          Quantiles.median(speeds) / 1e9,
          100 * Quantiles.median(shares),
          100 * Quantiles.of(shares, 1));
    }
  }

  /** Every tile for vectors of this length, family by family. */
  public static List<TileCase> all(int bits) {
    Integers integers = new Integers();
    return Stream.of(
            MatrixCase.all(bits, integers),
            DepthwiseCase.all(bits, integers),
            WindowCase.all(bits, integers),
            PlanarCase.all(bits, integers))
        .flatMap(List::stream)
        .toList();
  }

  /** Prints a table. */
  public static void main(String[] arguments) {
    String wanted = arguments.length == 0 ? "" : arguments[0];
    int bits = VectorKernels.preferredBits();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    LongSupplier clock = threads::getCurrentThreadCpuTime;
    List<Contestant> all =
        all(bits).stream()
            .filter(tile -> tile.name().contains(wanted))
            .map(tile -> new Contestant(tile, clock))
            .toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no tile's name contains '" + wanted + "'");
    }
    Turns<Contestant> turns = new Turns<>(all);
    for (int round = 0; round < WARM_ROUNDS; round++) {
      turns.round(_ -> true, Contestant::warmUp);
    }
    for (int round = 0; round < ROUNDS; round++) {
      turns.round(_ -> true, Contestant::measure);
    }
    System.out.printf(
        "%s, %d bits%n%n| tile | GFLOP/s | of peak | best round |%n|---|--:|--:|--:|%n",
        Environment.here(), bits);
    all.forEach(System.out::println);
  }
}
