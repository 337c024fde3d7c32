package org.sepconv.cpu.fault;

import java.util.concurrent.atomic.AtomicLong;

/** Counts what is allocated, and has one allocation fail. */
public final class Allocations {
  private static final AtomicLong COUNT = new AtomicLong();
  private static volatile long failing = Long.MAX_VALUE;

  private Allocations() {}

  /** Comes before every allocation of the library's own code. */
  public static void next() {
    if (COUNT.incrementAndGet() == failing) {
      throw new OutOfMemoryError("allocation " + failing + " fails");
    }
  }

  /** Counts from zero, and has the allocation with this number fail; 0 none. */
  static void fail(long number) {
    failing = number == 0 ? Long.MAX_VALUE : number;
    COUNT.set(0);
  }

  static long count() {
    return COUNT.get();
  }
}
