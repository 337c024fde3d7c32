package org.sepconv.cpu;

import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/** More threads than there are rows in small maps, so that output channels are cut into slices. */
@DisplayName("cpu, 3 threads")
class SlicedConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.defaults().withThreads(3);
  }

  @Override
  protected int randomCases() {
    return 100;
  }
}
