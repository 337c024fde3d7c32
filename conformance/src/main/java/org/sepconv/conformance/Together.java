package org.sepconv.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads that start at the same moment. */
final class Together implements AutoCloseable {

  /** More than the processors of a small machine, so that threads are also interrupted midway. */
  static final int THREADS = 4;

  /** Only a deadlock takes as long. */
  private static final long LIMIT_SECONDS = 120;

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final CyclicBarrier start = new CyclicBarrier(THREADS);
  private final List<Future<?>> tasks = new ArrayList<>();

  /** What one of the threads does. */
  @FunctionalInterface
  interface Task {
    void run(int thread) throws Exception;
  }

  /** Starts all threads on this, and waits for them. */
  static void run(Task task) throws Exception {
    try (Together together = start(task)) {
      together.join();
    }
  }

  /** Starts all threads on this. */
  static Together start(Task task) {
    Together together = new Together();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      Callable<Void> body =
          () -> {
            together.start.await();
            task.run(thread);
            return null;
          };
      together.tasks.add(together.threads.submit(body));
    }
    return together;
  }

  /** Waits for all, and then throws what the first of them threw. */
  void join() throws Exception {
    Optional<Throwable> first = Optional.empty();
    for (Future<?> task : tasks) {
      try {
        task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException failure) {
        first = first.or(() -> Optional.ofNullable(failure.getCause()));
      } catch (TimeoutException stuck) {
        throw new AssertionError(
            "a thread has not ended within %d s: a deadlock?".formatted(LIMIT_SECONDS), stuck);
      }
    }
    if (first.isPresent()) {
      switch (first.get()) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        case Throwable other -> throw new AssertionError(other);
      }
    }
  }

  @Override
  public void close() {
    // Not ExecutorService.close(), which would wait for a thread in a deadlock.
    threads.shutdownNow();
  }
}
