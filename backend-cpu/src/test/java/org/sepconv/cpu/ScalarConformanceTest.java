package org.sepconv.cpu;

import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

@DisplayName("cpu.kernels=scalar")
class ScalarConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.defaults().with("cpu.kernels", "scalar");
  }
}
