package org.sepconv.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** The module {@code jdk.incubator.vector}, in this JVM. */
final class VectorApi {

  /** What to start java with. */
  static final String FLAG = "--add-modules jdk.incubator.vector";

  private VectorApi() {}

  /** Whether this JVM was started with it. */
  static boolean isPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Whether vector kernels are worth it: without FMA each of their steps is a call. */
  static boolean pays(boolean present, boolean multiplyAdd) {
    return present && multiplyAdd;
  }

  /** The same of this JVM. */
  static boolean pays() {
    return pays(isPresent(), multiplyAdd());
  }

  /** Whether this JVM uses FMA instructions; assumed where it does not say. */
  static boolean multiplyAdd() {
    try {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return vm == null || Boolean.parseBoolean(vm.getVMOption("UseFMA").getValue());
    } catch (IllegalArgumentException unknownOption) {
      return true;
    }
  }
}
