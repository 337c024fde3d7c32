package org.sepconv.bench;

/**
 * How long a fork measures.
 *
 * @param warmups iterations before those that count
 * @param warmupMillis of each of them
 * @param iterations that count
 * @param iterationMillis of each of them
 */
public record Pace(int warmups, int warmupMillis, int iterations, int iterationMillis) {

  /** For numbers to keep. */
  public static final Pace USUAL = new Pace(3, 700, 7, 200);

  /** For a first answer. Kernels in bytecode are compiled within the first second. */
  public static final Pace QUICK = new Pace(2, 600, 5, 100);

  /** The time that a fork measures, without what it prepares. */
  public double seconds() {
    return (warmups * warmupMillis + iterations * iterationMillis) * 1e-3;
  }
}
