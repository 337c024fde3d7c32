package org.sepconv.bench.implementation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Memory that values take one after the other. */
final class Spaces {
  private static final int ALIGNMENT = 64;

  private final Arena arena;
  private final List<MemorySegment> free = new ArrayList<>();

  Spaces(Arena arena) {
    this.arena = arena;
  }

  /** Memory that nobody had before. */
  MemorySegment fresh(long size) {
    return arena.allocate(Math.max(size, ALIGNMENT), ALIGNMENT);
  }

  /** What was given back, the smallest that is large enough; else fresh memory. */
  MemorySegment take(long size) {
    MemorySegment space =
        free.stream()
            .filter(each -> each.byteSize() >= size)
            .min(Comparator.comparingLong(MemorySegment::byteSize))
            .orElseGet(() -> fresh(size));
    free.remove(space);
    return space;
  }

  /** The next may have it; a second time, nothing. */
  void giveBack(MemorySegment space) {
    if (!free.contains(space)) {
      free.add(space);
    }
  }
}
