package org.sepconv.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cpu.memory.WorkerScratch;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;
import org.sepconv.spi.Execution;
import org.sepconv.spi.Prepared;

/** An operation ready to run on the CPU: on the heap, with scratch for its workers. */
abstract class CpuPrepared extends Prepared {
  private final CpuBackend backend;
  private final AtomicBoolean started = new AtomicBoolean();
  private boolean warm;

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
    startUpgrades();
    return execution(CpuExecution.scratchBeside(others, backend));
  }

  /** What one run at a time needs, with this scratch. */
  abstract CpuExecution execution(WorkerScratch scratch);

  @Override
  protected final void warmUpKernels(long end) {
    if (!backend.nativeVectors()) {
      return;
    }
    // They serve runs well enough, which need not wait for what is tuned before they have begun.
    backend.warmer().awaitUntuned(end);
    if (warm || !backend.isStaged()) {
      TinyProblem.warmUp(tinyProblems(), end);
    }
    if (warm) {
      backend.warmer().await(this, end);
    }
    warm = true;
  }

  private void startUpgrades() {
    if (!started.getAndSet(true) && backend.isStaged()) {
      List<Upgrade> all = new ArrayList<>(upgrades());
      tinyProblems().forEach(problem -> all.add(Upgrade.alone(problem)));
      backend.warmer().add(this, all);
    }
  }

  /** A tiny problem for each piece of emitted code that a run calls. */
  abstract List<TinyProblem> tinyProblems();

  /** Code that takes the place of what runs begin with, once it is compiled. */
  abstract List<Upgrade> upgrades();

  @Override
  protected final void release() {
    backend.warmer().remove(this);
  }
}
