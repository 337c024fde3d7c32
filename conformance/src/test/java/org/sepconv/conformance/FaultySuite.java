package org.sepconv.conformance;

import org.sepconv.spi.ConvBackendProvider;

/** The suite on whichever backend {@link SuiteRun} binds; not run by the build itself. */
class FaultySuite extends ConformanceSuite {
  static final ScopedValue<ConvBackendProvider> PROVIDER = ScopedValue.newInstance();
  static final ScopedValue<String> REQUIREMENTS = ScopedValue.newInstance();

  @Override
  protected ConvBackendProvider provider() {
    return PROVIDER.get();
  }

  @Override
  protected int randomCases() {
    return 40;
  }

  @Override
  String requirements() {
    return REQUIREMENTS.get();
  }
}
