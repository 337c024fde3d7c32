package org.sepconv.spi;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a run needs beside its tensors, kept from run to run: one for each run that is under way at
 * the same time. Thread-safe; nothing is locked, and nothing but a new workspace allocated.
 *
 * @param <T> the workspaces
 */
public final class Workspaces<T> {

  /** More runs than this at the same time are served, but make new ones. */
  private static final int MOST_KEPT = 64;

  private final AtomicReferenceArray<T> idle;
  private final Supplier<T> maker;

  /**
   * @param maker makes another one, when all are in use
   */
  public Workspaces(Supplier<T> maker) {
    this(maker, MOST_KEPT);
  }

  /** The same, keeping no more than so many. */
  Workspaces(Supplier<T> maker, int mostKept) {
    this.maker = maker;
    this.idle = new AtomicReferenceArray<>(mostKept);
  }

  /** One that nobody else has until it is given back. */
  public T take() {
    for (int i = 0; i < idle.length(); i++) {
      // The first free slot is the last: they fill from the front.
      if (idle.get(i) != null) {
        T workspace = idle.getAndSet(i, null);
        if (workspace != null) {
          return workspace;
        }
      }
    }
    return maker.get();
  }

  /**
   * Gives one back.
   *
   * @return false if there are too many already: then it is the caller's to dispose of
   */
  public boolean give(T workspace) {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.get(i) == null && idle.compareAndSet(i, null, workspace)) {
        return true;
      }
    }
    return false;
  }

  /** Forgets all that are not in use, handing each over to be disposed of. */
  public void clear(Consumer<? super T> disposal) {
    for (int i = 0; i < idle.length(); i++) {
      T workspace = idle.getAndSet(i, null);
      if (workspace != null) {
        disposal.accept(workspace);
      }
    }
  }
}
