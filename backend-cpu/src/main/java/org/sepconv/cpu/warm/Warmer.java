package org.sepconv.cpu.warm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Has the JVM compile code in the background, and then puts it into its place: what is general
 * first, then what has nothing in its place, then what there is most to compute of. Thread-safe.
 * Its thread ends when there is nothing to do.
 */
public final class Warmer implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger("org.sepconv.cpu");

  private static final Comparator<Task> ORDER =
      Comparator.<Task, Upgrade.Rank>comparing(task -> task.upgrade.rank())
          .thenComparingLong(task -> -task.upgrade.work());

  /** An upgrade for someone; general ones serve all. */
  private record Task(Object owner, Upgrade upgrade) {
    boolean is(Upgrade.Rank rank) {
      return upgrade.rank() == rank;
    }
  }

  private final Queue<Task> waiting = new PriorityQueue<>(ORDER);
  private final Set<Task> underWay = new HashSet<>();
  private @Nullable Thread thread;
  private boolean closed;

  /** Adds upgrades for {@code owner}. */
  public synchronized void add(Object owner, List<Upgrade> upgrades) {
    for (Upgrade upgrade : upgrades) {
      if (!upgrade.isDone() && !(upgrade.rank() == Upgrade.Rank.GENERAL && isKnown(upgrade))) {
        waiting.add(new Task(owner, upgrade));
      }
    }
    if (thread == null && !closed && !waiting.isEmpty()) {
      thread = new Thread(this::work, "sepconv-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Whether it comes anyway: what is general is the same object for all. */
  private boolean isKnown(Upgrade upgrade) {
    return Stream.concat(waiting.stream(), underWay.stream())
        .anyMatch(task -> task.upgrade == upgrade);
  }

  /** Forgets what {@code owner} has not got yet. */
  public synchronized void remove(Object owner) {
    waiting.removeIf(task -> task.owner == owner && !task.is(Upgrade.Rank.GENERAL));
    notifyAll();
  }

  /**
   * Waits until nothing but what is tuned is left to compile.
   *
   * @param end when to give up, as {@link System#nanoTime()}
   */
  public void awaitUntuned(long end) {
    await(task -> !task.is(Upgrade.Rank.TUNED), end);
  }

  /** Waits until {@code owner} has got all of its upgrades. */
  public void await(Object owner, long end) {
    await(task -> task.owner == owner, end);
  }

  private synchronized void await(Predicate<Task> what, long end) {
    boolean interrupted = false;
    while (!closed && (waiting.stream().anyMatch(what) || underWay.stream().anyMatch(what))) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        break;
      }
      try {
        wait(millis);
      } catch (InterruptedException _) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    AllocationMeter meter = AllocationMeter.ofThisThread();
    List<Pending> turn = new ArrayList<>();
    while (fill(turn)) {
      turn.removeIf(next -> compute(next, meter) && end(next.task));
      if (!turn.isEmpty() && turn.stream().allMatch(Pending::waitsForCompiler)) {
        LockSupport.parkNanos(TinyProblem.PAUSE_NANOS);
      }
    }
  }

  /** Takes more problems up; whether there is anything to do. */
  private boolean fill(List<Pending> turn) {
    while (turn.size() < TinyProblem.TOGETHER) {
      Task next = next(turn);
      if (next == null) {
        break;
      }
      try {
        turn.add(new Pending(next));
      } catch (RuntimeException | Error failure) {
        fail(next, failure);
      }
    }
    if (turn.isEmpty()) {
      return false;
    }
    synchronized (this) {
      if (closed) {
        thread = null;
        return false;
      }
    }
    return true;
  }

  /** The next problem to take up; null where there is none for now. */
  private synchronized @Nullable Task next(List<Pending> turn) {
    if (closed || waiting.isEmpty()) {
      if (turn.isEmpty()) {
        thread = null;
      }
      return null;
    }
    // It does not compete with what comes before it for the compiler.
    Upgrade.Rank rank = waiting.element().upgrade.rank();
    if (turn.stream().anyMatch(pending -> pending.task.upgrade.rank().compareTo(rank) < 0)) {
      return null;
    }
    Task next = waiting.remove();
    underWay.add(next);
    return next;
  }

  /** Whether it needs no more. */
  private boolean compute(Pending pending, AllocationMeter meter) {
    try {
      return pending.compute(meter);
    } catch (RuntimeException | Error failure) {
      fail(pending.task, failure);
      return true;
    }
  }

  /** What computes now goes on doing so. */
  private void fail(Task task, Throwable failure) {
    LOGGER.log(System.Logger.Level.WARNING, "faster code was not made", failure);
    end(task);
  }

  private synchronized boolean end(Task task) {
    underWay.remove(task);
    notifyAll();
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    waiting.clear();
    notifyAll();
  }

  private static final class Pending {
    private final Task task;
    private final Runnable place;
    private final TinyProblem.Pending problem;

    Pending(Task task) {
      this.task = task;
      Upgrade.Ready ready = task.upgrade.make();
      this.place = ready.place();
      this.problem = new TinyProblem.Pending(ready.problem());
    }

    boolean waitsForCompiler() {
      return problem.waitsForCompiler();
    }

    /** Computes the problem some times; whether it needs no more. */
    boolean compute(AllocationMeter meter) {
      return switch (problem.compute(meter)) {
        case COMPILED -> {
          place.run();
          task.upgrade.done();
          yield true;
        }
        case GIVEN_UP -> true;
        case PENDING -> false;
      };
    }
  }
}
