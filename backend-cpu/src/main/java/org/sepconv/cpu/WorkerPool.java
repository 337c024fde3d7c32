package org.sepconv.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The fixed threads of one backend. A job is cut into parts; the calling thread and as many workers
 * as are free take one part after the other. Several callers may have jobs at once: a caller whose
 * job finds no free worker computes it alone.
 */
final class WorkerPool implements AutoCloseable {

  /** One part of a job. */
  interface Part {
    /**
     * @param part 0 to parts - 1
     * @param worker which of the job's threads this is, 0 to threads - 1: for scratch memory
     */
    void run(int part, int worker);
  }

  /** Looking for work this often costs some 20 microseconds; being woken costs as much. */
  private static final int SPINS = 2_000;

  private final int threads;
  private final Queue<Job> jobs = new ConcurrentLinkedQueue<>();

  /** A permit for each entry of {@link #jobs}. */
  private final Semaphore offered = new Semaphore(0);

  private volatile boolean closed;

  WorkerPool(int threads) {
    this.threads = threads;
    for (int i = 1; i < threads; i++) {
      Thread.ofPlatform().daemon().name("sepconv-cpu-" + i).start(this::work);
    }
  }

  int threads() {
    return threads;
  }

  /** Runs all parts, and returns when the last one is done; what a part throws is thrown here. */
  void run(int parts, Part body) {
    int helpers = Math.min(threads, parts) - 1;
    if (helpers == 0) {
      for (int part = 0; part < parts; part++) {
        body.run(part, 0);
      }
      return;
    }
    Job job = new Job(parts, body);
    for (int i = 0; i < helpers; i++) {
      jobs.add(job);
    }
    offered.release(helpers);
    job.takeParts();
    job.await();
  }

  private void work() {
    while (true) {
      boolean found = false;
      for (int spin = 0; spin < SPINS && !found; spin++) {
        found = offered.tryAcquire();
        if (!found) {
          Thread.onSpinWait();
        }
      }
      if (!found) {
        offered.acquireUninterruptibly();
      }
      if (closed) {
        return;
      }
      jobs.remove().takeParts();
    }
  }

  @Override
  public void close() {
    closed = true;
    offered.release(threads);
  }

  /** Parts that are given out one by one. */
  private static final class Job {
    private final int parts;
    private final Part body;
    private final AtomicInteger workers = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Job(int parts, Part body) {
      this.parts = parts;
      this.body = body;
    }

    void takeParts() {
      int worker = workers.getAndIncrement();
      for (int part = taken.getAndIncrement(); part < parts; part = taken.getAndIncrement()) {
        try {
          body.run(part, worker);
        } catch (Throwable thrown) {
          failure.compareAndSet(null, thrown);
        } finally {
          done.incrementAndGet();
        }
      }
    }

    /** Waits for parts that workers have taken: they are being computed right now. */
    void await() {
      for (int spin = 0; done.get() < parts; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        case Throwable other -> throw new IllegalStateException(other);
      }
    }
  }
}
