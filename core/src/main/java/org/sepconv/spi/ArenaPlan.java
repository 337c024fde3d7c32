package org.sepconv.spi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where tensors that are used one after the other lie in one piece of memory: the largest first,
 * each at the lowest place that is free as long as it is used ("greedy by size", Pisarchyk and Lee,
 * Efficient memory management for deep neural net inference, 2020).
 */
final class ArenaPlan {
  private static final int ALIGNMENT = 64;

  /** A tensor: its bytes, and the first and the last step at which it is used. */
  record Use(long bytes, int first, int last) {
    private boolean overlaps(Use other) {
      return first <= other.last && other.first <= last;
    }
  }

  private final List<Use> uses;
  private final long[] offsets;
  private final long bytes;

  private ArenaPlan(List<Use> uses, long[] offsets, long bytes) {
    this.uses = uses;
    this.offsets = offsets;
    this.bytes = bytes;
  }

  static ArenaPlan of(List<Use> uses) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < uses.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingLong((Integer i) -> -uses.get(i).bytes));
    long[] offsets = new long[uses.size()];
    List<Integer> placed = new ArrayList<>();
    long bytes = 0;
    for (int next : order) {
      long offset = 0;
      placed.sort(Comparator.comparingLong(i -> offsets[i]));
      for (int other : placed) {
        if (uses.get(other).overlaps(uses.get(next))
            && offsets[other] < offset + uses.get(next).bytes) {
          offset = Math.max(offset, aligned(offsets[other] + uses.get(other).bytes));
        }
      }
      offsets[next] = offset;
      placed.add(next);
      bytes = Math.max(bytes, aligned(offset + uses.get(next).bytes));
    }
    return new ArenaPlan(List.copyOf(uses), offsets, bytes);
  }

  private static long aligned(long bytes) {
    return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
  }

  /** Where each begins, a multiple of 64 bytes, in the order in which they were given. */
  long[] offsets() {
    return offsets;
  }

  /** Whether another one lies on this one, before or after it is used. */
  boolean shares(int index) {
    return IntStream.range(0, offsets.length)
        .anyMatch(
            other ->
                other != index
                    && offsets[other] < offsets[index] + uses.get(index).bytes
                    && offsets[index] < offsets[other] + uses.get(other).bytes);
  }

  /** How much memory they take together. */
  long bytes() {
    return bytes;
  }
}
