package org.sepconv.machine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import org.sepconv.cache.CacheFolder;
import org.sepconv.cache.DiskCache;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Bandwidth;

/**
 * How fast this processor multiplies and moves values: what the estimates of all backends that run
 * on it rest on, so that they can be compared before anything is calibrated.
 *
 * <p>Measured once for a machine and a number of threads, in a few hundred milliseconds, and kept
 * in the user's {@link CacheFolder}. With {@code SEPCONV_HOST_SPEED=assumed} in the environment, or
 * the system property {@code sepconv.hostSpeed}, nothing is measured, and every machine is taken
 * for one with 8 lanes, 2 fused multiply-adds a cycle and 2.5 GHz.
 *
 * @param source where the numbers come from: {@code measured: 2 threads, 16 lanes}
 * @param flops float32 FLOP/s of all threads together
 * @param bandwidths of all threads together, by the bytes that they read and write
 */
public record HostSpeed(String source, double flops, List<Bandwidth> bandwidths) {
  private static final System.Logger LOGGER = System.getLogger(HostSpeed.class.getName());

  private static final String SETTING = "sepconv.hostSpeed";
  private static final String VARIABLE = "SEPCONV_HOST_SPEED";

  private static final double ASSUMED_FLOPS = 8 * 2 * 2 * 2.5e9;
  private static final double ASSUMED_BANDWIDTH = 12e9;

  /** Enough for the entries of one machine with any number of threads. */
  private static final int MOST_ENTRIES = 64;

  private static final Map<Integer, HostSpeed> KNOWN = new ConcurrentHashMap<>();

  public HostSpeed {
    new Ceilings(0, flops, bandwidths); // checks them
    bandwidths = List.copyOf(bandwidths);
  }

  /**
   * The speed of so many threads.
   *
   * @param threads more than there are processors count as so many
   */
  public static HostSpeed of(int threads) {
    int working = Math.clamp(threads, 1, Runtime.getRuntime().availableProcessors());
    return KNOWN.computeIfAbsent(
        working,
        _ ->
            isMeasured()
                ? of(
                    working,
                    new DiskCache(Optional.of(CacheFolder.user()), "host-v1", MOST_ENTRIES))
                : assumed(working));
  }

  /** What is kept in a cache, or else measured now and kept there. */
  static HostSpeed of(int threads, DiskCache cache) {
    Optional<PeakLoop> loop = loop();
    String key = key(threads, loop);
    Optional<HostSpeed> kept =
        cache.read(key).flatMap(bytes -> parse(new String(bytes, StandardCharsets.UTF_8)));
    return kept.orElseGet(
        () -> {
          HostSpeed measured = HostSpeedMeter.measure(threads, loop);
          cache.write(key, measured.format().getBytes(StandardCharsets.UTF_8));
          return measured;
        });
  }

  /** What is taken for true where nothing may be measured. */
  static HostSpeed assumed(int threads) {
    return new HostSpeed(
        "assumed: %d threads, 8 lanes, 2 FMA a cycle, 2.5 GHz".formatted(threads),
        assumedFlops(threads),
        List.of(new Bandwidth(1, ASSUMED_BANDWIDTH * Math.sqrt(threads))));
  }

  static double assumedFlops(int threads) {
    return threads * ASSUMED_FLOPS;
  }

  /** A device of this speed. */
  public Ceilings ceilings(double launchSeconds) {
    return new Ceilings(launchSeconds, flops, bandwidths);
  }

  private static boolean isMeasured() {
    String variable = System.getenv().getOrDefault(VARIABLE, "measured");
    String setting = System.getProperty(SETTING, variable);
    return switch (setting) {
      case "measured" -> true;
      case "assumed" -> false;
      default ->
          throw new IllegalArgumentException(
              "%s (or %s) is '%s', but must be measured or assumed"
                  .formatted(VARIABLE, SETTING, setting));
    };
  }

  private static String key(int threads, Optional<PeakLoop> loop) {
    Processor processor = Processor.here();
    return String.join(
        "\n",
        "host",
        processor.describe(),
        processor.model(),
        "" + processor.logical(),
        Runtime.version().toString(),
        loop.map(PeakLoop::describe).orElse("no vectors"),
        "" + threads);
  }

  private static Optional<PeakLoop> loop() {
    Iterator<PeakLoop> loops = ServiceLoader.load(PeakLoop.class).iterator();
    try {
      while (loops.hasNext()) {
        PeakLoop loop = loops.next();
        if (loop.isAvailable()) {
          return Optional.of(loop);
        }
      }
    } catch (ServiceConfigurationError | LinkageError failure) {
      LOGGER.log(System.Logger.Level.WARNING, "the peak cannot be measured", failure);
    }
    return Optional.empty();
  }

  /** One line for each number, to be kept. */
  String format() {
    StringBuilder text = new StringBuilder(source).append('\n').append(flops).append('\n');
    for (Bandwidth bandwidth : bandwidths) {
      text.append(bandwidth.bytes()).append(' ').append(bandwidth.bytesPerSecond()).append('\n');
    }
    return text.toString();
  }

  /** From {@link #format()}; empty where it is something else. */
  static Optional<HostSpeed> parse(String text) {
    List<String> lines = text.lines().toList();
    try {
      List<Bandwidth> bandwidths = new ArrayList<>();
      for (String line : lines.subList(2, lines.size())) {
        String[] words = line.split(" ");
        bandwidths.add(new Bandwidth(Long.parseLong(words[0]), Double.parseDouble(words[1])));
      }
      return Optional.of(new HostSpeed(lines.get(0), Double.parseDouble(lines.get(1)), bandwidths));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %.0f GFLOP/s, %.0f GB/s from memory",
        source,
        flops / 1e9,
        bandwidths.getLast().bytesPerSecond() / 1e9);
  }
}
