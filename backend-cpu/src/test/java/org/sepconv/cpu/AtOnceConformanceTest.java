package org.sepconv.cpu;

import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/** General code until what is tuned is compiled in the background, which comes at any moment. */
@DisplayName("cpu.start=at-once, 2 threads")
class AtOnceConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.defaults().withThreads(2).with("cpu.start", "at-once");
  }

  @Override
  protected int randomCases() {
    return 100;
  }
}
