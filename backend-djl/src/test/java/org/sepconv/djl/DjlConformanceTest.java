package org.sepconv.djl;

import org.sepconv.conformance.ConformanceSuite;
import org.sepconv.spi.ConvBackendProvider;

/** PyTorch passes the whole suite: an independent witness that the suite is right. */
class DjlConformanceTest extends ConformanceSuite {

  @Override
  protected ConvBackendProvider provider() {
    return new DjlBackendProvider();
  }
}
