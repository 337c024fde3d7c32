package org.sepconv.opencl;

import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/** The kernels of GPUs, on the first device, whatever it is; slow on a CPU, but right. */
class GpuKernelsConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new OpenClBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return TestOptions.gpuKernels();
  }
}
