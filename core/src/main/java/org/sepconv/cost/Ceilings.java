package org.sepconv.cost;

import java.util.ArrayList;
import java.util.List;

/**
 * What bounds every run on a device: the roofs of a roofline, with one slope for each cache (Ilic,
 * Pratas, Sousa 2014, Cache-aware Roofline Model).
 *
 * @param launchSeconds a run that computes next to nothing
 * @param flops float32 FLOP/s of large products of matrices: the most that its kernels reach
 * @param bandwidths by the bytes that a run reads and writes, from few to many; at least one
 */
public record Ceilings(double launchSeconds, double flops, List<Bandwidth> bandwidths) {

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
    for (int i = 1; i < bandwidths.size(); i++) {
      if (bandwidths.get(i).bytes <= bandwidths.get(i - 1).bytes) {
        throw new IllegalArgumentException(
            "the bandwidth of %d bytes comes after that of %d"
                .formatted(bandwidths.get(i).bytes, bandwidths.get(i - 1).bytes));
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
    int above = 0;
    while (above < bandwidths.size() && bandwidths.get(above).bytes < bytes) {
      above++;
    }
    if (above == 0 || above == bandwidths.size()) {
      return 1 / roof(Math.min(above, bandwidths.size() - 1));
    }
    double low = bandwidths.get(above - 1).bytes;
    double share = Math.log(bytes / low) / Math.log(bandwidths.get(above).bytes / low);
    return 1 / (Math.pow(roof(above - 1), 1 - share) * Math.pow(roof(above), share));
  }

  /**
   * The bandwidth of the i-th size, or that of a larger one if it is higher: more bytes do not come
   * faster, but few show little of the bandwidth beside the rest of the run.
   */
  private double roof(int i) {
    return bandwidths.subList(i, bandwidths.size()).stream()
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
    int twice = i + 1;
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
