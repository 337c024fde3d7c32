package org.sepconv.opencl;

import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/** The kernels of CPU devices, on the first device. */
class CpuKernelsConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new OpenClBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return TestOptions.cpuKernels();
  }
}
