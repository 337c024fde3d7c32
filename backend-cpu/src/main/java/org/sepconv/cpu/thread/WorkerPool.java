package org.sepconv.cpu.thread;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The fixed threads of one backend. A job is cut into parts; the calling thread and the workers
 * that are free take one part after the other. Several callers may have jobs at once: a caller
 * whose job finds no free worker computes it alone.
 *
 * <p>Each worker has a slot. A caller puts its job into empty slots, works itself, takes the job
 * back from slots whose worker did not wake up in time, and waits for the others. Nothing is
 * allocated and nothing is locked; a worker without work spins for a while, then sleeps.
 *
 * <p>A worker is started with the first job that finds no other free: never more than jobs have
 * parts, however many threads there may be.
 */
public final class WorkerPool implements AutoCloseable {

  /** One part of a job. */
  public interface Body {
    /**
     * Computes one part.
     *
     * @param part 0 to parts - 1
     * @param worker which thread this is, 0 to threads - 1: for scratch memory
     */
    void run(int part, int worker);
  }

  /** A job, which its owner runs as often as it likes, once at a time. */
  public static final class Job {
    private final int parts;
    private final Body body;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger left = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    public Job(int parts, Body body) {
      this.parts = parts;
      this.body = body;
    }

    private void takeParts(int worker) {
      for (int part = taken.getAndIncrement(); part < parts; part = taken.getAndIncrement()) {
        try {
          body.run(part, worker);
        } catch (Throwable thrown) {
          failure = thrown; // any of several
        }
      }
    }
  }

  private static final System.Logger LOGGER = System.getLogger("org.sepconv.cpu");

  /** In the slot of a worker that has taken its job. */
  private static final Job BUSY = new Job(0, (_, _) -> {});

  /** About 100 microseconds: as long as two sleeps and awakenings. */
  private static final int SPINS = 5_000;

  private final int threads;

  /** For each worker: null = free, a job = offered, {@link #BUSY} = at work. */
  private final AtomicReferenceArray<@Nullable Job> slots;

  private final Thread[] workers;

  /** 1 where the worker is asleep, or about to be. */
  private final AtomicIntegerArray asleep;

  /** Workers below this number are started; number 0 is the caller. */
  private volatile int started = 1;

  private volatile boolean closed;

  private final ThreadFactory factory;

  public WorkerPool(int threads) {
    this(threads, Thread.ofPlatform().daemon().factory());
  }

  /** With threads that a test makes. */
  WorkerPool(int threads, ThreadFactory factory) {
    this.threads = threads;
    this.factory = factory;
    this.slots = new AtomicReferenceArray<>(threads);
    this.asleep = new AtomicIntegerArray(threads);
    this.workers = new Thread[threads];
  }

  public int threads() {
    return threads;
  }

  /** How many threads there are by now, with the caller. */
  int started() {
    return started;
  }

  private synchronized void start(int worker) {
    if (worker == started && !closed) {
      try {
        Thread thread = factory.newThread(() -> work(worker));
        thread.setName("sepconv-cpu-" + worker);
        thread.start();
        workers[worker] = thread;
        started = worker + 1;
      } catch (OutOfMemoryError none) {
        // The system has no more threads. Those that there are compute the job, which some may
        // have taken already: its owner must wait for them.
        LOGGER.log(System.Logger.Level.DEBUG, "a worker was not started", none);
      }
    }
  }

  /** Runs a job that is needed once. */
  public void run(int parts, Body body) {
    run(new Job(parts, body));
  }

  /** Runs all parts, and returns when the last one is done; what a part throws is thrown here. */
  public void run(Job job) {
    job.taken.setPlain(0);
    job.left.setPlain(0);
    job.failure = null;
    int offered = job.parts > 1 ? offer(job) : 0;
    job.takeParts(0);
    if (offered > 0) {
      await(job, offered - takeBack(job));
    }
    Throwable failure = job.failure;
    if (failure != null) {
      rethrow(failure);
    }
  }

  private int offer(Job job) {
    int offered = 0;
    for (int i = 1; i < threads && offered < job.parts - 1; i++) {
      if (i >= started) {
        start(i);
        if (i >= started) {
          break; // closed
        }
      }
      if (slots.get(i) == null && slots.compareAndSet(i, null, job)) {
        offered++;
        if (asleep.get(i) == 1) {
          LockSupport.unpark(workers[i]);
        }
      }
    }
    return offered;
  }

  private int takeBack(Job job) {
    int back = 0;
    for (int i = 1; i < started; i++) {
      if (slots.get(i) == job && slots.compareAndSet(i, job, null)) {
        back++;
      }
    }
    return back;
  }

  /** Waits for workers that are computing parts right now. */
  @SuppressWarnings("ThreadPriorityCheck") // where there are more threads than processors
  private static void await(Job job, int busy) {
    for (int spin = 0; job.left.get() < busy; spin++) {
      if (spin < SPINS) {
        Thread.onSpinWait();
      } else {
        Thread.yield();
      }
    }
  }

  private void work(int worker) {
    while (!closed) {
      Job job = next(worker);
      if (job != null && slots.compareAndSet(worker, job, BUSY)) {
        job.takeParts(worker);
        slots.set(worker, null);
        // Last: from here on the owner may use the job again.
        job.left.incrementAndGet();
      }
    }
  }

  /** Waits for an offer; null after an awakening without one. */
  private @Nullable Job next(int worker) {
    for (int spin = 0; spin < SPINS; spin++) {
      Job job = slots.get(worker);
      if (job != null || closed) {
        return job;
      }
      Thread.onSpinWait();
    }
    asleep.set(worker, 1);
    // An offer made before the owner could see that we sleep would be missed: look once more.
    Job job = slots.get(worker);
    if (job == null && !closed) {
      LockSupport.park(this);
    }
    asleep.set(worker, 0);
    return slots.get(worker);
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (int i = 1; i < started; i++) {
      LockSupport.unpark(workers[i]);
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    }
  }
}
