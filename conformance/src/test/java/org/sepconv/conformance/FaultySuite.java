package org.sepconv.conformance;

import org.junit.jupiter.api.condition.EnabledIf;
import org.sepconv.spi.ConvBackendProvider;

/** The suite on whichever backend {@link SuiteRun} binds; nothing to run without one. */
@EnabledIf("isBound")
class FaultySuite extends ConformanceSuite {
  static final ScopedValue<ConvBackendProvider> PROVIDER = ScopedValue.newInstance();
  static final ScopedValue<String> REQUIREMENTS = ScopedValue.newInstance();

  static boolean isBound() {
    return PROVIDER.isBound();
  }

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
