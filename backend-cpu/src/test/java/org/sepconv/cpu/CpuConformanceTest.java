package org.sepconv.cpu;

import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.ConvBackendProvider;

/** Whatever kernels this JVM gets: vector ones, or without the Vector API scalar ones. */
@DisplayName("cpu")
class CpuConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new CpuBackendProvider();
  }
}
