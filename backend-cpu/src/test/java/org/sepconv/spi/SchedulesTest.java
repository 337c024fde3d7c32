package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;
import org.sepconv.cpu.thread.WorkerPool;

/**
 * What threads share without locks, under a scheduler that tries one order of their steps after the
 * other ({@code -Dsepconv.schedules} of them). It changes every class that is loaded, so it has a
 * JVM of its own. The last ones are wrong on purpose: the scheduler must find it.
 */
class SchedulesTest {
  private static final int SCHEDULES =
      Integer.getInteger("sepconv.schedules", Extent.all() ? 2000 : 100);
  private static final String FOUND = ": found";
  private static final String FINE = ": fine";

  enum Shared {
    LIFECYCLE {
      @Override
      void race() {
        AtomicInteger users = new AtomicInteger();
        AtomicInteger releases = new AtomicInteger();
        AtomicBoolean inUse = new AtomicBoolean();
        Lifecycle lifecycle =
            new Lifecycle(
                "thing",
                () -> {
                  releases.incrementAndGet();
                  inUse.compareAndSet(false, users.get() > 0);
                });
        Runnable use =
            () -> {
              try {
                lifecycle.enter();
              } catch (IllegalStateException _) {
                return; // closed before
              }
              users.incrementAndGet();
              inUse.compareAndSet(false, releases.get() > 0);
              users.decrementAndGet();
              lifecycle.leave();
            };
        together(use, lifecycle::close, lifecycle::close);
        require(releases.get() == 1 && !inUse.get(), "released once, and not in use");
      }
    },
    WORKSPACES {
      @Override
      void race() {
        AtomicBoolean shared = new AtomicBoolean();
        AtomicInteger made = new AtomicInteger();
        Workspaces<AtomicInteger> workspaces =
            new Workspaces<>(
                () -> {
                  made.incrementAndGet();
                  return new AtomicInteger();
                },
                2);
        Runnable use =
            () -> {
              for (int i = 0; i < 2; i++) {
                AtomicInteger mine = workspaces.take();
                shared.compareAndSet(false, mine.incrementAndGet() > 1);
                mine.decrementAndGet();
                workspaces.give(mine);
              }
            };
        together(use, use);
        require(!shared.get() && made.get() <= 2, "one for each");
      }
    },
    WORKER_POOL {
      @Override
      void race() {
        AtomicIntegerArray runs = new AtomicIntegerArray(2);
        WorkerPool pool = new WorkerPool(2);
        WorkerPool.Job job = new WorkerPool.Job(2, (part, _) -> runs.incrementAndGet(part));
        pool.run(job);
        require(runs.get(0) == 1 && runs.get(1) == 1, "each part once");
        pool.run(job); // which a worker may not be at any more
        pool.close();
        require(runs.get(0) == 2 && runs.get(1) == 2, "each part once again");
      }
    },
    /** Asks, and only then takes. */
    WRONG_ON_PURPOSE {
      @Override
      void race() {
        AtomicInteger left = new AtomicInteger(1);
        AtomicInteger taken = new AtomicInteger();
        Runnable take =
            () -> {
              if (left.get() > 0) {
                left.decrementAndGet();
                taken.incrementAndGet();
              }
            };
        together(take, take);
        require(taken.get() == 1, "taken once");
      }
    };

    abstract void race();

    private static void require(boolean holds, String what) {
      if (!holds) {
        throw new AssertionError("not " + what);
      }
    }

    private static void together(Runnable... actions) {
      // In a plain loop: the scheduler does not know of threads that a stream makes.
      Thread[] threads = new Thread[actions.length];
      for (int i = 0; i < threads.length; i++) {
        threads[i] = new Thread(actions[i]);
        threads[i].start();
      }
      try {
        for (Thread thread : threads) {
          thread.join();
        }
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
  }

  @Test
  void everyOrderOfStepsIsRight() throws Exception {
    ChildJvm.Ended ended =
        new ChildJvm()
            .option("-XX:+EnableDynamicAgentLoading")
            .run(SchedulesTest.class, "" + SCHEDULES);
    assertEquals(
        Arrays.stream(Shared.values())
            .map(shared -> shared + (shared == Shared.WRONG_ON_PURPOSE ? FOUND : FINE))
            .toList(),
        ended.out().lines().filter(line -> line.endsWith(FOUND) || line.endsWith(FINE)).toList(),
        ended::output);
    assertTrue(ended.out().contains("not taken once"), ended::output);
    assertEquals(0, ended.status(), ended::output);
  }

  public static void main(String[] arguments) {
    for (Shared shared : Shared.values()) {
      try {
        Lincheck.runConcurrentTest(Integer.parseInt(arguments[0]), shared::race);
        System.out.println(shared + FINE);
      } catch (AssertionError wrong) {
        System.out.println(wrong.getMessage());
        System.out.println(shared + FOUND);
      }
    }
    System.exit(0);
  }
}
