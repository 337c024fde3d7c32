package org.sepconv.cpu.tile;

/**
 * What tiles store a sum to, and never read, so that C2 leaves the loads that follow where they
 * are: one that moved up would need a register meanwhile.
 */
public final class Fence {

  /** Two cache lines and a vector: two threads' fences share no line. */
  public static final int FLOATS = 48;

  /** Where it is stored to: in the middle. */
  static final int PLACE = 16;

  private static final ThreadLocal<float[]> OF_THREAD =
      ThreadLocal.withInitial(() -> new float[FLOATS]);

  private Fence() {}

  /** This thread's own: allocated once, and kept as long as the thread lives. */
  public static float[] ofThisThread() {
    return OF_THREAD.get();
  }
}
