package org.sepconv.cpu;

import org.junit.jupiter.api.Assumptions;

/** The module that the kernels over vectors need; tests are skipped where it is missing. */
public final class VectorModule {
  private VectorModule() {}

  static boolean isPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Skips the test if this JVM was started without it. */
  public static void assumePresent() {
    Assumptions.assumeTrue(isPresent(), "this JVM was started without jdk.incubator.vector");
  }

  /** Skips the test if it is missing and kernels of this name need it. */
  static void assumeFor(String kernels) {
    if (!kernels.equals("scalar")) {
      assumePresent();
    }
  }
}
