package org.sepconv.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.sepconv.Convolution;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.Chosen;
import org.sepconv.cpu.kernel.Operands;
import org.sepconv.cpu.kernel.Partition;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.BlockConversion;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.memory.WorkerScratch;
import org.sepconv.cpu.thread.WorkerPool;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Tensor;

/** A convolution ready to run: a kernel, and how its rows are split over the threads. */
final class CpuConvolution extends CpuPrepared {
  private static final float[] NOTHING = {};

  private final RowKernel kernel;
  private final List<KernelCandidate> considered;
  private final BlockConversion sourceBlocks;
  private final BlockConversion destinationBlocks;
  private final WorkerPool pool;
  private final Partition partition;
  private final Operands operands;

  CpuConvolution(
      CpuBackend backend,
      Problem problem,
      Chosen chosen,
      Operands operands,
      BlockConversion in,
      BlockConversion out,
      WorkerPool pool) {
    super(backend, problem);
    this.kernel = chosen.kernel();
    this.considered = chosen.considered();
    this.operands = operands;
    this.sourceBlocks = in;
    this.destinationBlocks = out;
    this.pool = pool;
    Shape output = problem.destination().shape();
    int rows = output.n() * output.h();
    this.partition = Partition.of(rows, kernel, pool.threads());
  }

  @Override
  public String kernel() {
    return kernel.id();
  }

  @Override
  public List<KernelCandidate> explain() {
    return considered;
  }

  @Override
  CpuExecution execution(WorkerScratch scratch) {
    return new Workspace(scratch);
  }

  @Override
  List<TinyProblem> tinyProblems() {
    List<TinyProblem> problems = new ArrayList<>(kernel.tinyProblems(partition));
    problems.addAll(sourceBlocks.tinyProblems());
    problems.addAll(destinationBlocks.tinyProblems());
    return problems;
  }

  @Override
  List<Upgrade> upgrades() {
    return kernel.upgrades(partition);
  }

  /** What one run needs beside its tensors, and the jobs that it gives to the pool. */
  private final class Workspace extends CpuExecution {
    /** What each worker computes; made by the worker, with the first part that it takes. */
    private final RowJob[] jobs = new RowJob[pool.threads()];

    private final WorkerPool.Job partsJob = new WorkerPool.Job(partition.parts(), this::part);
    private final WorkerPool.Job uploadJob = new WorkerPool.Job(sourceBlocks.parts(), this::upload);
    private final WorkerPool.Job residualJob =
        new WorkerPool.Job(destinationBlocks.parts(), this::uploadResidual);
    private final WorkerPool.Job downloadJob =
        new WorkerPool.Job(destinationBlocks.parts(), this::download);

    /** Blocks of the arrays' values, where runs go from array to array. */
    private Span given = Span.EMPTY;

    private Span wanted = Span.EMPTY;
    private float[] from = NOTHING;
    private float[] addedFrom = NOTHING;
    private float[] to = NOTHING;
    private Span in = Span.EMPTY;
    private Span added = Span.EMPTY;
    private Span factors = Span.EMPTY;
    private Span out = Span.EMPTY;

    Workspace(WorkerScratch scratch) {
      super(scratch);
      scratch.require(kernel.scratchFloats() + Span.SLACK);
    }

    @Override
    protected void start(Tensor[] inputs, Tensor[] outputs) {
      run(
          values(inputs[operands.source()]),
          values(inputs, operands.residual()),
          values(inputs, operands.gate()),
          values(outputs[0]));
    }

    private static Span values(Tensor[] inputs, OptionalInt which) {
      return which.isPresent() ? values(inputs[which.getAsInt()]) : Span.EMPTY;
    }

    private static Span values(Tensor tensor) {
      return ((CpuTensor) tensor).values();
    }

    private void run(Span src, Span add, Span multiply, Span dst) {
      in = src;
      added = add;
      factors = multiply;
      out = dst;
      pool.run(partsJob);
      // Keeps no tensor alive.
      in = Span.EMPTY;
      added = Span.EMPTY;
      factors = Span.EMPTY;
      out = Span.EMPTY;
    }

    @Override
    protected boolean compute(float[][] inputs, float[][] outputs) {
      if (!(problem().operation() instanceof Convolution)) {
        return false; // not of joined nodes, whose inputs may be the same
      }
      boolean residual = operands.residual().isPresent();
      if (given == Span.EMPTY) {
        given = sourceBlocks.allocate();
        wanted = destinationBlocks.allocate();
      }
      from = inputs[0];
      addedFrom = residual ? inputs[1] : NOTHING;
      to = outputs[0];
      pool.run(uploadJob);
      if (residual) {
        // To where the output goes: the kernel replaces it.
        pool.run(residualJob);
      }
      run(given, wanted, Span.EMPTY, wanted);
      pool.run(downloadJob);
      // Keeps no array alive.
      from = NOTHING;
      addedFrom = NOTHING;
      to = NOTHING;
      return true;
    }

    private void upload(int part, int worker) {
      sourceBlocks.upload(from, 0, given, part);
    }

    private void uploadResidual(int part, int worker) {
      destinationBlocks.upload(addedFrom, 0, wanted, part);
    }

    private void download(int part, int worker) {
      destinationBlocks.download(wanted, to, 0, part);
    }

    private void part(int part, int worker) {
      RowJob job = jobOf(worker);
      job.fill(in, added, factors, out);
      job.slice = part % partition.slices();
      job.slices = partition.slices();
      int strip = part / partition.slices();
      int height = problem().destination().shape().h();
      int end = partition.firstRow(strip + 1);
      int row = partition.firstRow(strip);
      while (row < end) {
        job.n = row / height;
        job.y = row % height;
        job.rows = kernel.joinsImages() ? end - row : Partition.rowsOfImage(row, end, height);
        kernel.compute(job);
        row += job.rows;
      }
      job.clear();
    }

    private RowJob jobOf(int worker) {
      if (jobs[worker] == null) {
        jobs[worker] = new RowJob(scratch.of(worker));
      }
      return jobs[worker];
    }
  }
}
