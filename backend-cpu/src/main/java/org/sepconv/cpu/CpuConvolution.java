package org.sepconv.cpu;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Convolution;
import org.sepconv.TensorSpec;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.BlockConversion;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.memory.SpanArena;
import org.sepconv.cpu.thread.WorkerPool;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Workspaces;

/** A convolution ready to run: a kernel, and how its rows are split over the threads. */
final class CpuConvolution extends PreparedConvolution {
  private static final float[] NOTHING = {};

  private final RowKernel kernel;
  private final BlockConversion sourceBlocks;
  private final BlockConversion destinationBlocks;
  private final WorkerPool pool;
  private final SpanArena arena;
  private final Partition partition;
  private final boolean nativeVectors;

  private final Workspaces<Workspace> workspaces = new Workspaces<>(Workspace::new);

  CpuConvolution(
      CpuBackend backend,
      Convolution convolution,
      TensorSpec source,
      TensorSpec destination,
      RowKernel kernel,
      BlockConversion in,
      BlockConversion out,
      WorkerPool pool,
      SpanArena arena) {
    super(backend, convolution, source, destination);
    this.kernel = kernel;
    this.sourceBlocks = in;
    this.destinationBlocks = out;
    this.nativeVectors = backend.nativeVectors();
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
    Workspace workspace = workspaces.take();
    try {
      workspace.run(((CpuTensor) src).values(), Span.EMPTY, ((CpuTensor) dst).values());
    } finally {
      workspaces.give(workspace);
    }
  }

  @Override
  protected void compute(Tensor src, Tensor residual, Tensor dst) {
    Workspace workspace = workspaces.take();
    try {
      workspace.run(
          ((CpuTensor) src).values(), ((CpuTensor) residual).values(), ((CpuTensor) dst).values());
    } finally {
      workspaces.give(workspace);
    }
  }

  @Override
  protected void compute(float[] src, float[] dst) {
    Workspace workspace = workspaces.take();
    try {
      workspace.run(src, NOTHING, dst);
    } finally {
      workspaces.give(workspace);
    }
  }

  @Override
  protected void compute(float[] src, float[] residual, float[] dst) {
    Workspace workspace = workspaces.take();
    try {
      workspace.run(src, residual, dst);
    } finally {
      workspaces.give(workspace);
    }
  }

  @Override
  protected void warmUpKernels(long end) {
    if (nativeVectors) {
      List<TinyProblem> problems = new ArrayList<>(kernel.tinyProblems(partition));
      problems.addAll(sourceBlocks.tinyProblems());
      problems.addAll(destinationBlocks.tinyProblems());
      TinyProblem.warmUp(problems, end);
    }
  }

  @Override
  protected void release() {
    workspaces.clear(_ -> {});
  }

  /** What one run needs beside its tensors, and the jobs that it gives to the pool. */
  private final class Workspace {
    private final Span[] scratch = new Span[pool.threads()];
    private final WorkerPool.Job partsJob = new WorkerPool.Job(partition.parts(), this::part);
    private final WorkerPool.Job uploadJob = new WorkerPool.Job(sourceBlocks.parts(), this::upload);
    private final WorkerPool.Job residualJob =
        new WorkerPool.Job(destinationBlocks.parts(), this::uploadResidual);
    private final WorkerPool.Job downloadJob =
        new WorkerPool.Job(destinationBlocks.parts(), this::download);

    /** Blocks of the arrays' values, where runs go from array to array. */
    private Span given;

    private Span wanted;
    private float[] from = NOTHING;
    private float[] added = NOTHING;
    private float[] to = NOTHING;
    private Span in = Span.EMPTY;
    private Span residual = Span.EMPTY;
    private Span out = Span.EMPTY;

    void run(Span src, Span add, Span dst) {
      in = src;
      residual = add;
      out = dst;
      pool.run(partsJob);
      // Keeps no tensor alive.
      in = Span.EMPTY;
      residual = Span.EMPTY;
      out = Span.EMPTY;
    }

    /** The same from array to array. */
    void run(float[] src, float[] add, float[] dst) {
      if (given == null) {
        given = sourceBlocks.allocate();
        wanted = destinationBlocks.allocate();
      }
      from = src;
      added = add;
      to = dst;
      pool.run(uploadJob);
      if (convolution().residual()) {
        // To where the output goes: the kernel replaces it.
        pool.run(residualJob);
      }
      run(given, wanted, wanted);
      pool.run(downloadJob);
      // Keeps no array alive.
      from = NOTHING;
      added = NOTHING;
      to = NOTHING;
    }

    private void upload(int part, int worker) {
      sourceBlocks.upload(from, 0, given, part);
    }

    private void uploadResidual(int part, int worker) {
      destinationBlocks.upload(added, 0, wanted, part);
    }

    private void download(int part, int worker) {
      destinationBlocks.download(wanted, to, 0, part);
    }

    private void part(int part, int worker) {
      if (scratch[worker] == null) {
        scratch[worker] = arena.allocate(kernel.scratchFloats() + Span.SLACK);
      }
      int strip = part / partition.slices();
      int height = destination().shape().h();
      int end = partition.firstRow(strip + 1);
      int row = partition.firstRow(strip);
      while (row < end) {
        int rows = Partition.rowsOfImage(row, end, height);
        kernel.compute(
            in,
            residual,
            out,
            row / height,
            row % height,
            rows,
            part % partition.slices(),
            partition.slices(),
            scratch[worker]);
        row += rows;
      }
    }
  }
}
