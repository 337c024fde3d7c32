package org.sepconv.opencl;

import java.util.Optional;
import java.util.function.Function;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.kernel.CpuKernels;
import org.sepconv.opencl.kernel.GpuKernels;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.opencl.plan.Planner;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** An opened OpenCL device. */
final class OpenClBackend extends ConvBackend {

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
  public Support supports(Convolution convolution, TensorSpec source, Layout destination) {
    return Support.YES;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    return new OpenClTensor(this, context, spec);
  }

  @Override
  protected PreparedConvolution prepareConv2d(
      Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
    Planner.Planned planned = planner.conv2d(conv, weights, source, destination);
    return new OpenClConvolution(this, conv, source, destination, planned.kernel(), planned.plan());
  }

  @Override
  protected PreparedConvolution prepareSeparable(
      SeparableConv2d separable,
      SeparableWeights weights,
      TensorSpec source,
      TensorSpec destination) {
    Optional<Planner.Planned> planned = planner.separable(separable, weights, source, destination);
    if (planned.isEmpty()) {
      return super.prepareSeparable(separable, weights, source, destination);
    }
    return new OpenClConvolution(
        this, separable, source, destination, planned.get().kernel(), planned.get().plan());
  }

  @Override
  protected void release() {
    context.close();
  }
}
