package org.sepconv.djl;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The long calls of the engine that are under way, so that the process ends between them. The JVM
 * waits 0.3 s for threads that are in native code, and then takes the engine's memory down under
 * them: the process dies of a signal instead of ending with its status.
 *
 * <p>From when the JVM begins to shut down it waits for the calls under way, and new ones wait
 * until the process has ended or half a second is over: a shutdown hook that runs a network is
 * served then.
 */
final class EngineCalls {
  private static final long PATIENCE_SECONDS = 10;
  private static final long PAUSE_MILLIS = 500;

  interface Call<T, E extends Exception> {
    T make() throws E;
  }

  /** Of this process: it has one engine. */
  static final EngineCalls ALL = new EngineCalls();

  private final AtomicInteger underWay = new AtomicInteger();
  private final CountDownLatch quiet = new CountDownLatch(1);
  private volatile boolean pausing;

  static {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(ALL::pause, "sepconv-djl-exit"));
    } catch (IllegalStateException _) {
      // Too late: opened by a shutdown hook, which is waited for.
    }
  }

  /** Makes one call. */
  <T, E extends Exception> T make(Call<T, E> call) throws E {
    enter();
    try {
      return call.make();
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void enter() {
    underWay.incrementAndGet();
    while (pausing) {
      underWay.decrementAndGet();
      awaitEnd();
      underWay.incrementAndGet();
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          boolean _ = quiet.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
          Thread.sleep(PAUSE_MILLIS);
          break;
        } catch (InterruptedException _) {
          interrupted = true; // the call is to be made all the same
        }
      }
    } finally {
      pausing = false;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Has new calls wait, and waits for those under way. */
  void pause() {
    pausing = true;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (underWay.get() > 0 && System.nanoTime() < end) {
        Thread.sleep(1);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt(); // somebody is in a hurry
    }
    quiet.countDown();
  }
}
