package org.sepconv.cpu;

import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/** Separable convolutions stage by stage, and everything on one thread. */
@DisplayName("cpu.fuse=never, 1 thread")
class ComposedConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.defaults().withThreads(1).with("cpu.fuse", "never");
  }

  @Override
  protected int randomCases() {
    return 100;
  }
}
