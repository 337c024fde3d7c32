package org.sepconv.calibration;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** What all threads of this JVM have allocated on the heap. */
final class Allocations {
  private Allocations() {}

  /** Bytes since the JVM was started; always 0 where it does not count them. */
  static LongSupplier ofThisJvm() {
    boolean present = ModuleLayer.boot().findModule("jdk.management").isPresent();
    return present ? HotSpot.total() : () -> 0;
  }

  /** Loaded only where the module is present. */
  private static final class HotSpot {
    static LongSupplier total() {
      return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
              && threads.isThreadAllocatedMemorySupported()
              && threads.isThreadAllocatedMemoryEnabled()
          ? threads::getTotalThreadAllocatedBytes
          : () -> 0;
    }
  }
}
