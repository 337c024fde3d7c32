package org.sepconv.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sepconv.Activation;

/**
 * What bounds every run on a device: the roofs of a roofline, with one slope for each cache (Ilic,
 * Pratas, Sousa 2014, Cache-aware Roofline Model).
 *
 * @param launchSeconds a run that computes next to nothing
 * @param flops float32 FLOP/s of large products of matrices: the most that its kernels reach
 * @param bandwidths by the bytes that a run reads and writes, from few to many; at least one
 * @param weights by the bytes of all weights that are read in turn, once in each run; empty if
 *     nobody measured them
 * @param perValue seconds for each value, by {@linkplain #name name}: of an {@link Activation}
 *     beyond a clamp, for each value of its output; of an operation that moves or combines values,
 *     for each that it reads or writes, near by
 */
public record Ceilings(
    double launchSeconds,
    double flops,
    List<Bandwidth> bandwidths,
    List<Bandwidth> weights,
    Map<String, Double> perValue) {

  /** A size that has less than this share of the bandwidth of a level lies in the next one... */
  private static final double LOWER = 0.6;

  /** ... unless the bandwidth of twice that size is less than this share of its own: a slope. */
  private static final double FALLING = 0.75;

  /**
   * How fast a run moves values that it does next to nothing with.
   *
   * @param bytes read and written, all in all
   * @param bytesPerSecond of them
   */
  public record Bandwidth(long bytes, double bytesPerSecond) {
    public Bandwidth {
      if (bytes < 1) {
        throw new IllegalArgumentException("the bandwidth of " + bytes + " bytes says nothing");
      }
      requirePositive("bandwidth of " + bytes + " bytes", bytesPerSecond);
    }
  }

  /**
   * Sizes of about the same bandwidth: a cache, or what lies behind the last one.
   *
   * @param name {@code cache 1}, {@code cache 2}, ..., {@code memory}
   * @param bytes the largest size that was measured in it
   * @param bytesPerSecond of its smallest size
   */
  public record Level(String name, long bytes, double bytesPerSecond) {}

  /** Where nobody measured weights and operations one by one. */
  public Ceilings(double launchSeconds, double flops, List<Bandwidth> bandwidths) {
    this(launchSeconds, flops, bandwidths, List.of(), Map.of());
  }

  public Ceilings {
    if (!(launchSeconds >= 0 && launchSeconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "launch overhead is %s s, but must be finite and not negative".formatted(launchSeconds));
    }
    requirePositive("peak", flops);
    bandwidths = List.copyOf(bandwidths);
    if (bandwidths.isEmpty()) {
      throw new IllegalArgumentException("there is no bandwidth at all");
    }
    requireInOrder(bandwidths);
    weights = List.copyOf(weights);
    requireInOrder(weights);
    perValue = Map.copyOf(perValue);
    perValue.forEach(
        (name, seconds) -> {
          if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("%s takes %s s".formatted(name, seconds));
          }
        });
  }

  private static void requireInOrder(List<Bandwidth> all) {
    for (int i = 1; i < all.size(); i++) {
      if (all.get(i).bytes <= all.get(i - 1).bytes) {
        throw new IllegalArgumentException(
            "the bandwidth of %d bytes comes after that of %d"
                .formatted(all.get(i).bytes, all.get(i - 1).bytes));
      }
    }
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s is %s, but must be positive and finite".formatted(what, value));
    }
  }

  /**
   * Seconds for each of {@code bytes} that a run reads and writes: between two sizes even in the
   * logarithms, beyond the last as there.
   */
  public double secondsPerByte(double bytes) {
    return secondsPerByte(bandwidths, bytes);
  }

  /**
   * Seconds for each byte of weights.
   *
   * @param all bytes of all weights that are read in turn: those of a network, or of one operation
   */
  double weightSecondsPerByte(double all) {
    return secondsPerByte(weights.isEmpty() ? bandwidths : weights, all);
  }

  /** Seconds for so many values of what {@link #name} calls so; 0 if nobody measured it. */
  double seconds(String name, double values) {
    return values * perValue.getOrDefault(name, 0.0);
  }

  /** {@code Silu}, {@code LeakyRelu}, {@code Concat}: of an activation, or an operation. */
  public static String name(Object what) {
    return what.getClass().getSimpleName();
  }

  private static double secondsPerByte(List<Bandwidth> sizes, double bytes) {
    int above = 0;
    while (above < sizes.size() && sizes.get(above).bytes < bytes) {
      above++;
    }
    if (above == 0 || above == sizes.size()) {
      return 1 / roof(sizes, Math.min(above, sizes.size() - 1));
    }
    double low = sizes.get(above - 1).bytes;
    double share = Math.log(bytes / low) / Math.log(sizes.get(above).bytes / low);
    return 1 / (Math.pow(roof(sizes, above - 1), 1 - share) * Math.pow(roof(sizes, above), share));
  }

  private double roof(int i) {
    return roof(bandwidths, i);
  }

  /**
   * The bandwidth of the i-th size, or that of a larger one if it is higher: more bytes do not come
   * faster, but few show little of the bandwidth beside the rest of the run.
   */
  private static double roof(List<Bandwidth> sizes, int i) {
    return sizes.subList(i, sizes.size()).stream()
        .mapToDouble(Bandwidth::bytesPerSecond)
        .max()
        .orElseThrow();
  }

  /** The caches and the memory, the nearest first. */
  public List<Level> levels() {
    List<Integer> firsts = new ArrayList<>(List.of(0));
    for (int i = 1; i < bandwidths.size(); i++) {
      if (roof(i) < LOWER * roof(firsts.getLast()) && !falls(i)) {
        firsts.add(i);
      }
    }
    List<Level> levels = new ArrayList<>();
    for (int i = 0; i < firsts.size(); i++) {
      boolean last = i + 1 == firsts.size();
      int end = last ? bandwidths.size() : firsts.get(i + 1);
      levels.add(
          new Level(
              last ? "memory" : "cache " + (i + 1),
              bandwidths.get(end - 1).bytes,
              roof(firsts.get(i))));
    }
    return levels;
  }

  private boolean falls(int i) {
    int twice = i;
    while (twice < bandwidths.size() && bandwidths.get(twice).bytes < 2 * bandwidths.get(i).bytes) {
      twice++;
    }
    return twice < bandwidths.size() && roof(twice) < FALLING * roof(i);
  }

  /** The name of the level that a run of so many bytes lies in. */
  public String level(double bytes) {
    List<Level> levels = levels();
    return levels.stream()
        .filter(level -> bytes <= level.bytes)
        .findFirst()
        .orElse(levels.getLast())
        .name;
  }
}
