package org.sepconv.cpu;

import java.util.concurrent.atomic.AtomicReference;
import org.sepconv.Convolution;
import org.sepconv.TensorSpec;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** A convolution ready to run: a kernel, and how its rows are split over the threads. */
final class CpuConvolution extends PreparedConvolution {
  private final RowKernel kernel;
  private final WorkerPool pool;
  private final SpanArena arena;
  private final Partition partition;

  /** The workspace of the last run, for the next one; more only while runs overlap. */
  private final AtomicReference<Workspace> idle = new AtomicReference<>();

  CpuConvolution(
      CpuBackend backend,
      Convolution convolution,
      TensorSpec source,
      TensorSpec destination,
      RowKernel kernel,
      WorkerPool pool,
      SpanArena arena) {
    super(backend, convolution, source, destination);
    this.kernel = kernel;
    this.pool = pool;
    this.arena = arena;
    int rows = destination.shape().n() * destination.shape().h();
    this.partition = Partition.of(rows, kernel, pool.threads());
  }

  @Override
  public String kernel() {
    return kernel.id();
  }

  @Override
  protected void compute(Tensor src, Tensor dst) {
    Workspace workspace = idle.getAndSet(null);
    if (workspace == null) {
      workspace = new Workspace();
    }
    try {
      workspace.run(((CpuTensor) src).values(), ((CpuTensor) dst).values());
    } finally {
      idle.set(workspace);
    }
  }

  @Override
  protected void release() {
    idle.set(null);
  }

  /** What one run needs beside its tensors, and the jobs that it gives to the pool. */
  private final class Workspace {
    private final Span[] scratch = new Span[pool.threads()];
    private final WorkerPool.Job partsJob = new WorkerPool.Job(partition.parts(), this::part);
    private Span in = Span.EMPTY;
    private Span out = Span.EMPTY;

    void run(Span src, Span dst) {
      in = src;
      out = dst;
      pool.run(partsJob);
      // Keeps no tensor alive.
      in = Span.EMPTY;
      out = Span.EMPTY;
    }

    private void part(int part, int worker) {
      if (scratch[worker] == null) {
        scratch[worker] = arena.allocate(kernel.scratchFloats() + RowKernel.SLACK);
      }
      int strip = part / partition.slices();
      kernel.compute(
          in,
          out,
          partition.firstRow(strip),
          partition.firstRow(strip + 1),
          part % partition.slices(),
          partition.slices(),
          scratch[worker]);
    }
  }
}
