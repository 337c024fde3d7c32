package org.sepconv.cpu.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPoolTest {

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 7", "2, 1", "2, 2", "3, 100", "8, 3"})
  void runsEveryPartOnce(int threads, int parts) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      for (int round = 0; round < 200; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(parts);
        pool.run(parts, (part, _) -> runs.incrementAndGet(part));
        for (int part = 0; part < parts; part++) {
          assertEquals(1, runs.get(part), "part " + part);
        }
      }
    }
  }

  @Test
  void givesEachThreadOfAJobItsOwnWorkerNumber() {
    try (WorkerPool pool = new WorkerPool(4)) {
      for (int round = 0; round < 200; round++) {
        ConcurrentHashMap<Integer, Thread> owners = new ConcurrentHashMap<>();
        pool.run(
            64,
            (_, worker) -> {
              assertTrue(worker >= 0 && worker < 4, "worker " + worker);
              Thread owner = owners.putIfAbsent(worker, Thread.currentThread());
              assertTrue(owner == null || owner == Thread.currentThread(), "shared worker number");
            });
      }
    }
  }

  @Test
  void startsNoMoreThreadsThanAJobHasParts() {
    try (WorkerPool pool = new WorkerPool(1024)) {
      assertEquals(1, pool.started());
      for (int round = 0; round < 200; round++) {
        pool.run(3, (_, _) -> {});
        pool.run(5, (_, _) -> {});
      }
      assertEquals(5, pool.started());
    }
  }

  @Test
  void computesWithThoseItHasWhereThereAreNoMoreThreads() {
    AtomicInteger asked = new AtomicInteger();
    ThreadFactory factory =
        work -> {
          if (asked.incrementAndGet() > 1) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return Thread.ofPlatform().daemon().unstarted(work);
        };
    try (WorkerPool pool = new WorkerPool(8, factory)) {
      for (int round = 0; round < 200; round++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(20);
        pool.run(20, (part, _) -> runs.incrementAndGet(part));
        for (int part = 0; part < 20; part++) {
          assertEquals(1, runs.get(part), "part " + part);
        }
      }
      assertEquals(2, pool.started());
    }
    assertTrue(asked.get() > 2, "it was tried again");
  }

  @Test
  void servesManyCallersAtOnce() throws InterruptedException {
    try (WorkerPool pool = new WorkerPool(3)) {
      List<Thread> callers = new ArrayList<>();
      AtomicIntegerArray sums = new AtomicIntegerArray(6);
      for (int caller = 0; caller < 6; caller++) {
        int self = caller;
        callers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int round = 0; round < 100; round++) {
                        pool.run(10, (part, _) -> sums.addAndGet(self, part));
                      }
                    }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      for (int caller = 0; caller < 6; caller++) {
        assertEquals(100 * 45, sums.get(caller));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void throwsWhatAPartThrowsAndGoesOnWorking(int threads) {
    try (WorkerPool pool = new WorkerPool(threads)) {
      IllegalStateException failure = new IllegalStateException("part 3");
      assertSame(
          failure,
          assertThrows(
              IllegalStateException.class,
              () ->
                  pool.run(
                      8,
                      (part, _) -> {
                        if (part == 3) {
                          throw failure;
                        }
                      })));
      AtomicIntegerArray runs = new AtomicIntegerArray(1);
      pool.run(8, (_, _) -> runs.incrementAndGet(0));
      assertEquals(8, runs.get(0));
    }
  }

  @Test
  void endsItsThreadsWhenClosed() throws InterruptedException {
    WorkerPool pool = new WorkerPool(3);
    ConcurrentHashMap<Thread, Boolean> seen = new ConcurrentHashMap<>();
    pool.run(
        50,
        (_, _) -> {
          seen.put(Thread.currentThread(), true);
          Thread.yield();
        });
    pool.close();
    for (Thread thread : seen.keySet()) {
      if (thread != Thread.currentThread()) {
        thread.join(10_000);
        assertEquals(Thread.State.TERMINATED, thread.getState());
      }
    }
  }
}
