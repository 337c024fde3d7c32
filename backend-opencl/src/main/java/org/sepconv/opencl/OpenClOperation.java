package org.sepconv.opencl;

import java.util.List;
import org.jocl.cl_mem;
import org.sepconv.Problem;
import org.sepconv.opencl.plan.KernelPlan;
import org.sepconv.opencl.plan.PlanRun;
import org.sepconv.opencl.plan.Planner;
import org.sepconv.spi.Execution;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** An operation ready to run on a device. */
final class OpenClOperation extends Prepared {
  private final String kernel;
  private final KernelPlan plan;
  private final List<KernelCandidate> considered;

  OpenClOperation(OpenClBackend backend, Problem problem, Planner.Planned planned) {
    super(backend, problem);
    this.kernel = planned.kernel();
    this.plan = planned.plan();
    this.considered = planned.considered();
  }

  @Override
  public String kernel() {
    return kernel;
  }

  @Override
  public List<KernelCandidate> explain() {
    return considered;
  }

  @Override
  protected Execution execution() {
    return new Launches();
  }

  /** The kernels and buffers of one run at a time. */
  private final class Launches extends Execution {
    private final PlanRun run = new PlanRun(plan);
    private final cl_mem[] buffers = new cl_mem[problem().inputs().size()];

    @Override
    protected void start(Tensor[] inputs, Tensor[] outputs) {
      for (int i = 0; i < buffers.length; i++) {
        buffers[i] = buffer(inputs[i]);
      }
      run.start(buffers, buffer(outputs[0]));
    }

    @Override
    protected void await() {
      run.await();
    }

    /** The queue of the device is. */
    @Override
    protected boolean isInOrder() {
      return true;
    }

    @Override
    protected void ended() {
      run.ended();
    }

    @Override
    protected long deviceNanos() {
      return run.nanos();
    }

    @Override
    protected void release() {
      run.close();
    }
  }

  private static cl_mem buffer(Tensor tensor) {
    return ((OpenClTensor) tensor).buffer();
  }

  @Override
  protected void release() {
    plan.close();
  }
}
