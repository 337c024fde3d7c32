package org.sepconv.cpu;

import java.util.List;
import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cpu.memory.WorkerScratch;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.spi.Execution;
import org.sepconv.spi.Prepared;

/** An operation ready to run on the CPU: on the heap, with scratch for its workers. */
abstract class CpuPrepared extends Prepared {
  private final CpuBackend backend;

  CpuPrepared(CpuBackend backend, Problem problem) {
    super(backend, problem);
    this.backend = backend;
  }

  /** Its kernels and packed weights are found where this one's are. */
  @Override
  protected final Optional<Prepared> adapted(Problem other, Weights weights) {
    return Optional.of(backend.prepareProblem(other, weights));
  }

  @Override
  protected final Execution execution() {
    return executionBeside(List.of());
  }

  @Override
  protected final Execution executionBeside(List<Execution> others) {
    return execution(CpuExecution.scratchBeside(others, backend));
  }

  /** What one run at a time needs, with this scratch. */
  abstract CpuExecution execution(WorkerScratch scratch);

  @Override
  protected final void warmUpKernels(long end) {
    if (backend.nativeVectors()) {
      TinyProblem.warmUp(tinyProblems(), end);
    }
  }

  /** A tiny problem for each piece of emitted code that a run calls. */
  abstract List<TinyProblem> tinyProblems();

  @Override
  protected final void release() {
    // The heap takes everything back.
  }
}
