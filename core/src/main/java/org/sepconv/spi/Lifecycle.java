package org.sepconv.spi;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the users of something closeable, so that it is released exactly once, after the last one
 * has left, and refuses newcomers from the moment that it is closed. Without a lock: entering and
 * leaving are one atomic operation each.
 */
final class Lifecycle {
  private static final int CLOSED = Integer.MIN_VALUE;

  /** The number of users, plus the {@link #CLOSED} bit. */
  private final AtomicInteger state = new AtomicInteger();

  private final CountDownLatch left = new CountDownLatch(1);
  private final String what;
  private final Runnable release;

  Lifecycle(String what, Runnable release) {
    this.what = what;
    this.release = release;
  }

  /**
   * Starts a use, which must end with {@link #leave()}.
   *
   * @throws IllegalStateException if closed
   */
  void enter() {
    int users;
    do {
      users = state.get();
      if (users < 0) {
        throw new IllegalStateException(what + " is closed");
      }
    } while (!state.compareAndSet(users, users + 1));
  }

  void leave() {
    if (state.decrementAndGet() == CLOSED) {
      left.countDown();
    }
  }

  /**
   * Closes, waits until the last user has left, and releases in this thread, so that a failure
   * reaches who closes; the second time, nothing.
   */
  void close() {
    int users = state.getAndUpdate(current -> current | CLOSED);
    if (users < 0) {
      return;
    }
    if (users > 0) {
      awaitLastUser();
    }
    release.run();
  }

  private void awaitLastUser() {
    boolean interrupted = false;
    while (true) {
      try {
        left.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true; // nothing may be left half-closed: wait on, and tell the caller after
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isClosed() {
    return state.get() < 0;
  }
}
