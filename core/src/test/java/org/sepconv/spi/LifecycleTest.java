package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sepconv.Expect;

@Timeout(60)
class LifecycleTest {
  private final AtomicInteger releases = new AtomicInteger();
  private final Lifecycle lifecycle = new Lifecycle("thing", releases::incrementAndGet);

  @Test
  void closesOnce() {
    lifecycle.enter();
    lifecycle.enter();
    lifecycle.leave();
    lifecycle.leave();
    assertFalse(lifecycle.isClosed());
    assertEquals(0, releases.get());
    lifecycle.close();
    lifecycle.close();
    assertTrue(lifecycle.isClosed());
    assertEquals(1, releases.get());
  }

  @Test
  void nobodyEntersAfterwards() {
    lifecycle.close();
    Expect.failure(IllegalStateException.class, lifecycle::enter, "thing is closed");
    lifecycle.close();
    assertEquals(1, releases.get());
  }

  @Test
  void closingWaitsForTheLastUserAndRefusesNewOnes() throws Exception {
    lifecycle.enter();
    lifecycle.enter();
    Thread closer = Thread.ofPlatform().start(lifecycle::close);
    awaitWaiting(closer);
    Expect.failure(IllegalStateException.class, lifecycle::enter, "closed");
    lifecycle.leave();
    awaitWaiting(closer);
    assertEquals(0, releases.get());
    lifecycle.leave();
    closer.join();
    assertEquals(1, releases.get());
  }

  @Test
  void aFailureOfTheReleaseReachesTheCloserAndNotTheLastUser() throws Exception {
    RuntimeException failure = new RuntimeException("device lost");
    Lifecycle failing =
        new Lifecycle(
            "thing",
            () -> {
              throw failure;
            });
    failing.enter();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      AtomicBoolean waiting = new AtomicBoolean();
      Thread[] closer = new Thread[1];
      CountDownLatch started = new CountDownLatch(1);
      Future<?> closed =
          executor.submit(
              () -> {
                closer[0] = Thread.currentThread();
                started.countDown();
                waiting.set(true);
                failing.close();
              });
      started.await();
      awaitWaiting(closer[0]);
      assertTrue(waiting.get());
      failing.leave();
      ExecutionException thrown = assertThrows(ExecutionException.class, closed::get);
      assertSame(failure, thrown.getCause());
    }
    failing.close(); // and the second time nothing
  }

  @Test
  void anInterruptIsKeptForTheCaller() throws Exception {
    lifecycle.enter();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  lifecycle.close();
                  interrupted.set(Thread.currentThread().isInterrupted());
                });
    awaitWaiting(closer);
    closer.interrupt();
    lifecycle.leave();
    closer.join();
    assertTrue(interrupted.get());
    assertEquals(1, releases.get());
  }

  @RepeatedTest(50)
  void manyThreadsNeverUseWhatIsReleased() throws Exception {
    AtomicInteger users = new AtomicInteger();
    AtomicInteger usedAfterRelease = new AtomicInteger();
    AtomicInteger releasedInUse = new AtomicInteger();
    Lifecycle shared =
        new Lifecycle(
            "shared",
            () -> {
              releases.incrementAndGet();
              releasedInUse.addAndGet(users.get());
            });
    List<Thread> threads = new ArrayList<>();
    CountDownLatch go = new CountDownLatch(1);
    for (int t = 0; t < 6; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      go.await();
                      while (true) {
                        shared.enter();
                        users.incrementAndGet();
                        usedAfterRelease.addAndGet(releases.get());
                        users.decrementAndGet();
                        shared.leave();
                      }
                    } catch (IllegalStateException | InterruptedException _) {
                      // Closed: the end.
                    }
                  }));
    }
    for (int t = 0; t < 3; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      go.await();
                      Thread.yield();
                      shared.close();
                    } catch (InterruptedException _) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(1, releases.get());
    assertEquals(0, usedAfterRelease.get());
    assertEquals(0, releasedInUse.get());
  }

  /** Until a thread waits for others, as one that closes does. */
  static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      assertTrue(thread.isAlive(), "it did not wait");
      Thread.onSpinWait();
    }
  }
}
