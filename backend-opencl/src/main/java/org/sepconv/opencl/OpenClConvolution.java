package org.sepconv.opencl;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jocl.cl_mem;
import org.sepconv.Convolution;
import org.sepconv.TensorSpec;
import org.sepconv.opencl.plan.KernelPlan;
import org.sepconv.opencl.plan.PlanRun;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/**
 * A convolution ready to run on a device. Beside what every backend's has, it knows the time on the
 * device: {@link #deviceTime()}.
 */
public final class OpenClConvolution extends PreparedConvolution {
  private final String kernel;
  private final KernelPlan plan;
  private final Queue<PlanRun> idle = new ConcurrentLinkedQueue<>();
  private final AtomicLong lastNanos = new AtomicLong();

  OpenClConvolution(
      OpenClBackend backend,
      Convolution convolution,
      TensorSpec source,
      TensorSpec destination,
      String kernel,
      KernelPlan plan) {
    super(backend, convolution, source, destination);
    this.kernel = kernel;
    this.plan = plan;
    try {
      idle.add(new PlanRun(plan)); // the first run has nothing left to allocate
    } catch (RuntimeException failure) {
      plan.close();
      throw failure;
    }
  }

  @Override
  public String kernel() {
    return kernel;
  }

  /**
   * How long the kernels of the run that ended last were computing, by the device's own clock:
   * without the call, the queue and the pauses between kernels. Zero before the first run.
   */
  public Duration deviceTime() {
    return Duration.ofNanos(lastNanos.get());
  }

  @Override
  protected void compute(Tensor src, Tensor dst) {
    compute(src, dst, dst);
  }

  @Override
  protected void compute(Tensor src, Tensor residual, Tensor dst) {
    PlanRun run = idle.poll();
    if (run == null) {
      run = new PlanRun(plan);
    }
    try {
      lastNanos.set(run.run(buffer(src), buffer(residual), buffer(dst)));
    } finally {
      idle.add(run);
    }
  }

  private static cl_mem buffer(Tensor tensor) {
    return ((OpenClTensor) tensor).buffer();
  }

  @Override
  protected void release() {
    idle.forEach(PlanRun::close);
    plan.close();
  }
}
