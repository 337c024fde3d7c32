package org.sepconv.examples.backend;

import org.junit.jupiter.api.DisplayName;
import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.ConvBackendProvider;

@DisplayName("loops")
class LoopsConformanceTest extends ConformanceSuite {
  @Override
  protected ConvBackendProvider provider() {
    return new LoopsBackendProvider();
  }
}
