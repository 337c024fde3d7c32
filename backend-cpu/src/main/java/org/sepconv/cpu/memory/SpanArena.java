package org.sepconv.cpu.memory;

/**
 * Gives out spans that start a cache line, cut from large arrays, for what lives as long as a
 * prepared convolution: packed weights and scratch. An array goes with the last span of it.
 */
public final class SpanArena {

  /** 16 MiB: large enough for any heap to put it into a region of its own. */
  private static final int CHUNK = 4 << 20;

  private static final int LINE = 16;

  private float[] chunk = new float[0];
  private int next;

  /** A span of zeros. */
  public synchronized Span allocate(int floats) {
    if (floats > CHUNK / 4) {
      return Span.ofLength(floats);
    }
    if (floats > chunk.length - next) {
      chunk = new float[CHUNK];
      next = Span.LINE_START;
    }
    Span span = new Span(chunk, next);
    next += Math.ceilDiv(floats, LINE) * LINE;
    return span;
  }

  /** A span with these values, followed by zeros up to {@code length}. */
  public Span copyOf(float[] values, int length) {
    Span span = allocate(length);
    System.arraycopy(values, 0, span.array(), span.offset(), Math.min(values.length, length));
    return span;
  }
}
