package org.sepconv.conformance;

import org.sepconv.spi.ConvBackendProvider;

/** A correct backend passes the whole suite. */
class LoopConformanceTest extends ConformanceSuite {

  @Override
  protected ConvBackendProvider provider() {
    return new LoopProvider();
  }
}
