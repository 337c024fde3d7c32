package org.sepconv.opencl;

import java.util.List;
import java.util.function.Function;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.CpuKernels;
import org.sepconv.opencl.kernel.GpuKernels;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.opencl.plan.Planner;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** An opened OpenCL device. */
final class OpenClBackend extends ConvBackend {
  private static final Vocabulary VOCABULARY =
      Vocabulary.FIRST.withMoreActivations(
          List.of(
              Activation.Sigmoid.class,
              Activation.HardSigmoid.class,
              Activation.Gelu.class,
              Activation.Tanh.class));

  /** Work-items that the largest groups of the GPU kernels have. */
  private static final int GPU_GROUP = 256;

  private final ClContext context;
  private final KernelFamily family;
  private final Planner planner;

  OpenClBackend(
      DeviceInfo device,
      ClContext context,
      boolean cpuKernels,
      Function<KernelFamily, Chooser> chooser) {
    super(device);
    this.context = context;
    this.family =
        cpuKernels || context.device().largestGroup() < GPU_GROUP
            ? new CpuKernels(context.device(), context.computeUnits())
            : new GpuKernels(context.device(), context.computeUnits());
    this.planner = new Planner(context, family, chooser.apply(family));
  }

  @Override
  public DeviceProfile profile() {
    return family.profile();
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
  }

  @Override
  protected Support accepts(Problem problem) {
    return switch (problem.convolution()) {
      case Conv2d _ -> Support.YES;
      case SeparableConv2d separable -> Planner.fuses(separable);
    };
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    return new OpenClTensor(this, context, spec);
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    return switch (problem.convolution()) {
      case Conv2d conv ->
          new OpenClConvolution(
              this, problem, planner.conv2d(conv, (ConvWeights) weights, problem));
      case SeparableConv2d separable ->
          planner
              .separable(separable, (SeparableWeights) weights, problem)
              .<Prepared>map(planned -> new OpenClConvolution(this, problem, planned))
              .orElseGet(
                  () -> prepareComposed(problem, weights, "no kernel for this device fuses it"));
    };
  }

  @Override
  protected void release() {
    context.close();
  }
}
