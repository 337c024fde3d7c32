package org.sepconv.cpu;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;

/** The shortest vectors: four channels in a block, and so most blocks and fewest whole ones. */
@DisplayName("cpu.vector-bits=128")
class NarrowConformanceTest extends ConformanceSuite {
  @BeforeAll
  void needsVectors() {
    Assumptions.assumeTrue(
        VectorApi.isPresent(), "skipped: vector kernels need the module jdk.incubator.vector");
  }

  @Override
  protected ConvBackendProvider provider() {
    return new CpuBackendProvider();
  }

  @Override
  protected BackendOptions options() {
    return BackendOptions.defaults().with("cpu.vector-bits", "128");
  }

  @Override
  protected int randomCases() {
    return 100;
  }
}
