package org.sepconv.cpu.memory;

/** Floats of an array from an offset on: how kernels are handed their data. */
public record Span(float[] array, int offset) {

  /**
   * Where a large array starts a cache line: its values begin 16 bytes into the object, and the
   * object, too large to be moved, at the start of a region of the heap. Vectors that cross a line
   * cost a matrix product 8 %.
   */
  public static final int LINE_START = 12;

  /** Floats that vectors may read, and ignore, past the end of every array. */
  public static final int SLACK = 16;

  /** No floats. */
  public static final Span EMPTY = new Span(new float[0], 0);

  /** A new array for this many floats, starting a cache line if it is large. */
  public static Span ofLength(int floats) {
    return new Span(new float[Math.addExact(floats, LINE_START)], LINE_START);
  }
}
