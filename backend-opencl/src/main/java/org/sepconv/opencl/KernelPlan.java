package org.sepconv.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jocl.cl_mem;
import org.jocl.cl_program;
import org.sepconv.opencl.device.ClContext;

/** Kernels that run one after the other, with the programs and packed weights they need. */
final class KernelPlan implements AutoCloseable {
  private final ClContext context;
  private final List<Launch> launches;
  private final List<cl_program> programs = new ArrayList<>();
  private final List<cl_mem> constants = new ArrayList<>();
  private final List<Long> scratchBytes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private KernelPlan(ClContext context, List<Launch> launches, List<Long> scratchBytes) {
    this.context = context;
    this.launches = List.copyOf(launches);
    this.scratchBytes = List.copyOf(scratchBytes);
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

  /** Collects the parts of a plan; nothing is compiled or allocated before {@link #build}. */
  static final class Builder {
    private final List<Launch> launches = new ArrayList<>();
    private final List<float[]> constants = new ArrayList<>();
    private final List<Long> scratchBytes = new ArrayList<>();

    Argument constant(float[] values) {
      constants.add(values);
      return new Argument.Constant(constants.size() - 1);
    }

    Argument scratch(long bytes) {
      scratchBytes.add(bytes);
      return new Argument.Scratch(scratchBytes.size() - 1);
    }

    void launch(Launch launch) {
      launches.add(launch);
    }

    /** Compiles the kernels and moves the weights to the device. The caller closes the plan. */
    KernelPlan build(ClContext context) {
      KernelPlan plan = new KernelPlan(context, launches, scratchBytes);
      try {
        for (Launch launch : launches) {
          plan.programs.add(context.programs().get(launch.key()));
        }
        for (float[] values : constants) {
          cl_mem buffer = context.allocate(4L * values.length, "packed weights");
          plan.constants.add(buffer);
          context.upload(java.lang.foreign.MemorySegment.ofArray(values), buffer);
        }
        return plan;
      } catch (RuntimeException failure) {
        plan.close();
        throw failure;
      }
    }
  }
}
