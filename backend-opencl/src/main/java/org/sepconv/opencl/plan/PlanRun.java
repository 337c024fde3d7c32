package org.sepconv.opencl.plan;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.List;
import org.jocl.NativePointerObject;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jspecify.annotations.Nullable;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.device.ClError;
import org.sepconv.opencl.kernel.Argument;
import org.sepconv.opencl.kernel.Launch;

/**
 * What one run of a plan needs for itself: kernel objects, whose arguments must not be set by two
 * threads at once, and the buffers between the launches. Used by one thread at a time.
 */
public final class PlanRun implements AutoCloseable {
  private final KernelPlan plan;
  private final ClContext context;
  private final List<cl_kernel> kernels = new ArrayList<>();
  private final List<cl_mem> scratch = new ArrayList<>();

  /** Of what has been started, and not yet awaited. */
  private final List<cl_event> events = new ArrayList<>();

  private long nanos;

  public PlanRun(KernelPlan plan) {
    this.plan = plan;
    this.context = plan.context();
    try {
      for (long bytes : plan.scratchBytes()) {
        scratch.add(context.allocate(bytes, "values between two kernels"));
      }
      for (int i = 0; i < plan.launches().size(); i++) {
        Launch launch = plan.launches().get(i);
        cl_kernel kernel = context.kernel(plan.program(i), launch.function());
        kernels.add(kernel);
        for (int j = 0; j < launch.arguments().size(); j++) {
          setFixed(kernel, j, launch.arguments().get(j));
        }
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Sets an argument that stays the same in every run. */
  private void setFixed(cl_kernel kernel, int index, Argument argument) {
    switch (argument) {
      case Argument.Input _, Argument.Destination _ -> {}
      case Argument.Scratch(int number) -> set(kernel, index, scratch.get(number));
      case Argument.Constant(int number) -> set(kernel, index, plan.constant(number));
      case Argument.Local(long bytes) -> set(kernel, index, bytes, null);
      case Argument.Int(int value) ->
          set(kernel, index, Sizeof.cl_int, Pointer.to(new int[] {value}));
      case Argument.Float(float value) ->
          set(kernel, index, Sizeof.cl_float, Pointer.to(new float[] {value}));
    }
  }

  private void set(cl_kernel kernel, int index, NativePointerObject buffer) {
    set(kernel, index, Sizeof.cl_mem, Pointer.to(buffer));
  }

  private void set(cl_kernel kernel, int index, long size, @Nullable Pointer value) {
    ClError.check(
        context.name(), "clSetKernelArg", index, clSetKernelArg(kernel, index, size, value));
  }

  /** {@link #start} and {@link #await}. */
  public long run(cl_mem[] inputs, cl_mem destination) {
    start(inputs, destination);
    await();
    return nanos;
  }

  /**
   * Hands all kernels to the device, which may begin at once.
   *
   * @param inputs of the operation; a residual may be the destination or the source
   */
  public void start(cl_mem[] inputs, cl_mem destination) {
    try {
      for (int i = 0; i < kernels.size(); i++) {
        setTensors(plan.launches().get(i), kernels.get(i), inputs, destination);
        events.add(enqueue(plan.launches().get(i), kernels.get(i)));
      }
      ClError.check(context.name(), "clFlush", clFlush(context.queue()));
    } catch (RuntimeException | Error failure) {
      abandon();
      throw failure;
    }
  }

  /** Waits for what was started: for the last of it, for the queue is in order. */
  public void await() {
    try {
      context.await(events.getLast(), plan.launches().getLast().key().kernel());
    } catch (RuntimeException | Error failure) {
      abandon();
      throw failure;
    }
    ended();
  }

  /** What was started is known to have ended: sees how long it took. */
  public void ended() {
    try {
      long sum = 0;
      for (cl_event event : events) {
        sum +=
            profile(event, CL_PROFILING_COMMAND_END) - profile(event, CL_PROFILING_COMMAND_START);
      }
      nanos = sum;
      releaseEvents();
    } catch (RuntimeException | Error failure) {
      abandon();
      throw failure;
    }
  }

  /** What was started may still use the tensors. */
  private void abandon() {
    clFinish(context.queue());
    releaseEvents();
  }

  private void releaseEvents() {
    events.forEach(event -> clReleaseEvent(event));
    events.clear();
  }

  /** How long the device computed in the run that ended last. */
  public long nanos() {
    return nanos;
  }

  private void setTensors(Launch launch, cl_kernel kernel, cl_mem[] inputs, cl_mem destination) {
    for (int i = 0; i < launch.arguments().size(); i++) {
      switch (launch.arguments().get(i)) {
        case Argument.Input(int number) -> set(kernel, i, inputs[number]);
        case Argument.Destination _ -> set(kernel, i, destination);
        case Argument.Scratch _,
            Argument.Constant _,
            Argument.Local _,
            Argument.Int _,
            Argument.Float _ -> {}
      }
    }
  }

  private cl_event enqueue(Launch launch, cl_kernel kernel) {
    cl_event event = new cl_event();
    ClError.check(
        context.name(),
        "clEnqueueNDRangeKernel",
        launch.key().kernel(),
        clEnqueueNDRangeKernel(
            context.queue(),
            kernel,
            launch.groups().length,
            null,
            launch.items(),
            launch.groupSize(),
            0,
            null,
            event));
    return event;
  }

  private long profile(cl_event event, int what) {
    long[] nanos = new long[1];
    ClError.check(
        context.name(),
        "clGetEventProfilingInfo",
        clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanos), null));
    return nanos[0];
  }

  @Override
  public void close() {
    kernels.forEach(kernel -> clReleaseKernel(kernel));
    scratch.forEach(context::free);
  }
}
