package org.sepconv.cpu;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Problem;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.memory.WorkerScratch;
import org.sepconv.cpu.operation.TensorKernel;
import org.sepconv.cpu.thread.WorkerPool;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Tensor;

/** An operation that is no convolution, ready to run: a kernel, its units shared by the threads. */
final class CpuOperation extends CpuPrepared {
  /** Fewer values, about 5 microseconds, are not worth another thread. */
  private static final int VALUES_OF_PART = 32_768;

  /** Parts for each thread, so that one that is held up leaves some to the others. */
  private static final int PARTS_OF_THREAD = 4;

  private final TensorKernel kernel;
  private final WorkerPool pool;
  private final int parts;

  CpuOperation(CpuBackend backend, Problem problem, TensorKernel kernel, WorkerPool pool) {
    super(backend, problem);
    this.kernel = kernel;
    this.pool = pool;
    this.parts = parts(kernel, pool.threads());
  }

  private static int parts(TensorKernel kernel, int threads) {
    long wanted = Math.max(1, kernel.units() * kernel.valuesPerUnit() / VALUES_OF_PART);
    int most = threads == 1 ? 1 : Math.min(kernel.units(), PARTS_OF_THREAD * threads);
    return (int) Math.min(wanted, most);
  }

  @Override
  public String kernel() {
    return kernel.id();
  }

  @Override
  public List<KernelCandidate> explain() {
    return kernel.considered();
  }

  @Override
  CpuExecution execution(WorkerScratch scratch) {
    return new Workspace(scratch);
  }

  @Override
  List<TinyProblem> tinyProblems() {
    return kernel.tinyProblems();
  }

  @Override
  List<Upgrade> upgrades() {
    return kernel.upgrades();
  }

  /** What one run needs beside its tensors, and the job that it gives to the pool. */
  private final class Workspace extends CpuExecution {
    private final WorkerPool.Job job = new WorkerPool.Job(parts, this::part);
    private final Span[] inputs = new Span[problem().inputs().size()];
    private Span output = Span.EMPTY;

    Workspace(WorkerScratch scratch) {
      super(scratch);
      scratch.require(kernel.scratchFloats());
    }

    @Override
    protected void start(Tensor[] from, Tensor[] to) {
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = ((CpuTensor) from[i]).values();
      }
      output = ((CpuTensor) to[0]).values();
      pool.run(job);
      // Keeps no tensor alive.
      Arrays.fill(inputs, Span.EMPTY);
      output = Span.EMPTY;
    }

    private void part(int part, int worker) {
      int from = first(part);
      Span own = kernel.scratchFloats() == 0 ? Span.EMPTY : scratch.of(worker);
      kernel.compute(inputs, output, own, from, first(part + 1));
    }

    private int first(int part) {
      return (int) ((long) kernel.units() * part / parts);
    }
  }
}
