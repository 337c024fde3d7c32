package org.sepconv.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sepconv.graph.pass.Program;
import org.sepconv.spi.Closing;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Workspaces;

/**
 * A network prepared for inputs of certain shapes, or being prepared. What changes in the number of
 * its users is guarded by the lock of its {@link PlanCache}.
 *
 * @param <K> what it is for
 */
final class Plan<K> {
  private final K key;
  private final CountDownLatch finished = new CountDownLatch(1);

  /** Written before {@link #finished} opens; both or the failure. */
  private @Nullable Program program;

  private @Nullable Prepared prepared;
  private @Nullable Workspaces<OwningRun> runs;
  private @Nullable RuntimeException failure;

  /** Guarded by the lock of the cache, as is {@link #evicted}. */
  int users;

  /** Whether the last user closes it. */
  boolean evicted;

  Plan(K key) {
    this.key = key;
  }

  K key() {
    return key;
  }

  /** Prepares it, or remembers why it cannot be; by the thread that made it. */
  void prepare(Program given, Supplier<Prepared> preparing) {
    program = given;
    Prepared made = preparing.get();
    prepared = made;
    runs = new Workspaces<>(() -> OwningRun.of(made));
  }

  /** Lets those who wait go on: with what was prepared, or with a failure. */
  void finish(RuntimeException reason) {
    failure = reason;
    finished.countDown();
  }

  void finish() {
    finished.countDown();
  }

  /** Whether it is prepared. */
  boolean ready() {
    return finished.getCount() == 0 && failure == null && prepared != null;
  }

  /** Waits until it is prepared. */
  Prepared await() {
    boolean interrupted = false;
    while (true) {
      try {
        finished.await();
        break;
      } catch (InterruptedException _) {
        interrupted = true; // it is prepared in any case: tell the caller after
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw failure;
    }
    return Objects.requireNonNull(prepared);
  }

  Program program() {
    return Objects.requireNonNull(program);
  }

  /** A run on tensors of its own, kept from run to run; to be given back. */
  OwningRun takeRun() {
    return Objects.requireNonNull(runs).take();
  }

  void giveBack(OwningRun run) {
    if (!Objects.requireNonNull(runs).give(run)) {
      run.close();
    }
  }

  /** Gives everything back; there are no users any more. */
  void close() {
    if (prepared == null || runs == null) {
      return;
    }
    List<Runnable> closings = new ArrayList<>();
    runs.clear(run -> closings.add(run::close));
    closings.add(prepared::close);
    Closing.all(closings);
  }
}
