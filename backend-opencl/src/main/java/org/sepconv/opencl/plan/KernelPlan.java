package org.sepconv.opencl.plan;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.Launch;
import org.sepconv.opencl.kernel.PlanDraft;

/** Kernels that run one after the other, with the programs and packed weights they need. */
public final class KernelPlan implements AutoCloseable {
  private final ClContext context;
  private final List<Launch> launches;
  private final List<cl_program> programs = new ArrayList<>();
  private final List<cl_mem> constants = new ArrayList<>();
  private final List<Long> scratchBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private KernelPlan(ClContext context, PlanDraft draft) {
    this.context = context;
    this.launches = List.copyOf(draft.launches());
    this.scratchBytes = List.copyOf(draft.scratchBytes());
  }

  /** Compiles the kernels and moves the weights to the device. The caller closes the plan. */
  static KernelPlan build(ClContext context, PlanDraft draft) {
    KernelPlan plan = new KernelPlan(context, draft);
    try {
      for (Launch launch : plan.launches) {
        plan.programs.add(context.programs().get(launch.key()));
      }
      for (MemorySegment values : draft.constants()) {
        cl_mem buffer = context.allocate(values.byteSize(), "packed weights");
        plan.constants.add(buffer);
        context.upload(values, buffer);
      }
      return plan;
    } catch (RuntimeException | Error failure) {
      plan.close();
      throw failure;
    }
  }

  ClContext context() {
    return context;
  }

  List<Launch> launches() {
    return launches;
  }

  cl_program program(int launch) {
    return programs.get(launch);
  }

  cl_mem constant(int number) {
    return constants.get(number);
  }

  List<Long> scratchBytes() {
    return scratchBytes;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      constants.forEach(context::free);
      programs.forEach(program -> clReleaseProgram(program));
    }
  }
}
