package org.sepconv.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.sepconv.graph.pass.Program;
import org.sepconv.spi.Closing;
import org.sepconv.spi.Prepared;

/**
 * Plans by what they are for: the most recently used are kept, the others are closed when their
 * last user leaves. Thread-safe; plans are prepared and closed outside the lock.
 *
 * @param <K> input shapes, for instance
 */
final class PlanCache<K> implements AutoCloseable {

  /** Prepares a plan. */
  interface Maker<K> {
    /** What is to be prepared. */
    Program program(K key);

    /**
     * Prepares it.
     *
     * @param like the same for another key, if there is one
     */
    Prepared prepare(Program program, K key, Optional<Prepared> like);
  }

  private final Maker<K> maker;
  private final int most;

  /** By the time of their last use. */
  private final SequencedMap<K, Plan<K>> kept = new LinkedHashMap<>(16, 0.75f, true);

  /** Those kept, and those that were evicted while somebody used them. */
  private final Set<Plan<K>> open = new LinkedHashSet<>();

  private boolean closed;

  PlanCache(Maker<K> maker, int most) {
    this.maker = maker;
    this.most = most;
  }

  /**
   * The plan for a key, prepared; to be {@linkplain #release released}.
   *
   * @throws IllegalStateException if this is closed
   */
  Plan<K> acquire(K key) {
    List<Plan<K>> idle = new ArrayList<>();
    Plan<K> plan;
    boolean mine;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the inference session is closed");
      }
      plan = kept.get(key);
      mine = plan == null;
      if (plan == null) {
        plan = new Plan<>(key);
        kept.put(key, plan);
        open.add(plan);
      }
      plan.users++;
      while (kept.size() > most) {
        evict(kept.pollFirstEntry().getValue(), idle);
      }
    }
    try {
      if (mine) {
        prepare(plan, idle);
      }
      plan.await();
      return plan;
    } catch (RuntimeException | Error failure) {
      release(plan);
      throw failure;
    }
  }

  /**
   * Prepares a plan, whatever comes of it.
   *
   * @param idle evicted for it, and closed before it is prepared
   */
  private void prepare(Plan<K> plan, List<Plan<K>> idle) {
    try {
      closeAll(idle);
      Program program = maker.program(plan.key());
      Optional<Plan<K>> like = acquireLike(program);
      try {
        plan.prepare(program, () -> maker.prepare(program, plan.key(), like.map(Plan::await)));
      } finally {
        like.ifPresent(this::release);
      }
      plan.finish();
    } catch (RuntimeException failure) {
      abandon(plan, failure);
    } catch (Error failure) {
      abandon(
          plan, new IllegalStateException("another thread could not prepare this size", failure));
      throw failure;
    }
  }

  /** Forgets a plan that could not be prepared, so that the next caller tries again. */
  private void abandon(Plan<K> plan, RuntimeException failure) {
    synchronized (this) {
      kept.remove(plan.key(), plan);
      plan.evicted = true;
    }
    plan.finish(failure);
  }

  /** The one used last that is the same for other shapes. */
  private synchronized Optional<Plan<K>> acquireLike(Program program) {
    Optional<Plan<K>> like =
        kept.sequencedValues().reversed().stream()
            .filter(plan -> plan.ready() && plan.program().equals(program))
            .findFirst();
    like.ifPresent(plan -> plan.users++);
    return like;
  }

  /** Ends a use. */
  void release(Plan<K> plan) {
    boolean last;
    synchronized (this) {
      plan.users--;
      last = plan.users == 0 && plan.evicted;
    }
    if (last) {
      closeAll(List.of(plan));
    }
  }

  private void evict(Plan<K> plan, List<Plan<K>> idle) {
    plan.evicted = true;
    if (plan.users == 0) {
      idle.add(plan);
    }
  }

  private void closeAll(List<Plan<K>> plans) {
    Closing.all(plans.stream().<Runnable>map(plan -> () -> closeOne(plan)).toList());
  }

  private void closeOne(Plan<K> plan) {
    try {
      plan.close();
    } finally {
      synchronized (this) {
        open.remove(plan);
        notifyAll();
      }
    }
  }

  /** Keys of the plans that are kept, the one used last at the end. */
  synchronized List<K> keys() {
    return List.copyOf(kept.keySet());
  }

  /** Closes all plans, when their users have left; who comes later is refused. */
  @Override
  public void close() {
    List<Plan<K>> idle = new ArrayList<>();
    synchronized (this) {
      closed = true;
      kept.values().forEach(plan -> evict(plan, idle));
      kept.clear();
    }
    try {
      closeAll(idle);
    } finally {
      awaitUsers();
    }
  }

  private synchronized void awaitUsers() {
    boolean interrupted = false;
    while (!open.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException _) {
        interrupted = true; // nothing may be left half-closed: wait on, and tell the caller after
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
