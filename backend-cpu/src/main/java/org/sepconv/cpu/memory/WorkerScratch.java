package org.sepconv.cpu.memory;

/**
 * Scratch for each worker of a run. Kernels that never run at the same time share it: it is as long
 * as the one that needs most wants it.
 */
public final class WorkerScratch {
  private final SpanArena arena;
  private final Span[] spans;
  private volatile int floats;

  public WorkerScratch(SpanArena arena, int workers) {
    this.arena = arena;
    this.spans = new Span[workers];
  }

  /** Says that somebody needs this many floats; before the first run of it. */
  public void require(int needed) {
    floats = Math.max(floats, needed);
  }

  /** At least as many floats as anybody needs, for this worker alone; made when it asks first. */
  public Span of(int worker) {
    if (spans[worker] == null) {
      spans[worker] = arena.allocate(floats);
    }
    return spans[worker];
  }
}
