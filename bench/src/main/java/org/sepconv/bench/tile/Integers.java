package org.sepconv.bench.tile;

import java.util.Arrays;
import java.util.Random;
import org.sepconv.cpu.memory.Span;

/**
 * Small integers, and outputs that nothing was written to, in arrays that start cache lines as the
 * tensors of the backend do: all of them are parts of a few large arrays.
 */
final class Integers {
  private static final int MOST = 4;

  /** 8 MiB: too large for the collector to move. */
  private static final int FLOATS = 2 << 20;

  private static final int LINE = 16;

  private final Random random = new Random(1);
  private float[] array = new float[0];
  private int used;

  /** A part of a large array. */
  private Span allocate(int length) {
    if (length + Span.SLACK > array.length - used) {
      array = new float[Math.max(FLOATS, length + Span.LINE_START + Span.SLACK)];
      used = Span.LINE_START;
    }
    Span span = new Span(array, used);
    used += Math.ceilDiv(length + Span.SLACK, LINE) * LINE;
    return span;
  }

  /** Numbers from -4 to 4. */
  Span values(int length) {
    Span span = allocate(length);
    for (int i = 0; i < length; i++) {
      span.array()[span.offset() + i] = random.nextInt(2 * MOST + 1) - MOST;
    }
    return span;
  }

  /** What a tile writes to: NaN, so that what it leaves out is seen. */
  Span target(int length) {
    Span span = allocate(length);
    Arrays.fill(span.array(), span.offset(), span.offset() + length, Float.NaN);
    return span;
  }

  /** One of them. */
  static double value(Span span, int index) {
    return span.array()[span.offset() + index];
  }

  /** A copy of what is in a span. */
  static float[] copy(Span span, int length) {
    return Arrays.copyOfRange(span.array(), span.offset(), span.offset() + length);
  }
}
