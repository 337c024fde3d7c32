package org.sepconv.djl;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An array of the engine that is freed when its tensor has let go of it and nobody uses it any
 * more. A run replaces the array of its destination; a run that reads the same tensor at that
 * moment (which the contract forbids) then sees old values, not freed memory.
 */
final class SharedArray {
  private final PtNDArray array;

  /** Whoever uses the array, plus one for the tensor that owns it; 0 = freed. */
  private final AtomicInteger users = new AtomicInteger(1);

  SharedArray(PtNDArray array) {
    this.array = array;
  }

  /** The array, for those who acquired it. */
  PtNDArray array() {
    return array;
  }

  /** Whether it could be acquired; then {@link #release} must follow. */
  boolean acquire() {
    int count;
    do {
      count = users.get();
      if (count == 0) {
        return false;
      }
    } while (!users.compareAndSet(count, count + 1));
    return true;
  }

  void release() {
    if (users.decrementAndGet() == 0) {
      array.close();
    }
  }
}
