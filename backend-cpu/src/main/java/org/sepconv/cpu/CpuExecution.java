package org.sepconv.cpu;

import java.util.List;
import org.sepconv.cpu.memory.WorkerScratch;
import org.sepconv.spi.Execution;

/** A run on the CPU, with the scratch of its workers. */
abstract class CpuExecution extends Execution {
  final WorkerScratch scratch;

  CpuExecution(WorkerScratch scratch) {
    this.scratch = scratch;
  }

  /** That of an execution which never runs at the same time, or a new one. */
  static WorkerScratch scratchBeside(List<Execution> others, CpuBackend backend) {
    return others.stream()
        .filter(CpuExecution.class::isInstance)
        .map(other -> ((CpuExecution) other).scratch)
        .findFirst()
        .orElseGet(backend::scratch);
  }
}
