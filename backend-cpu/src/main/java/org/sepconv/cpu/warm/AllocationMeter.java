package org.sepconv.cpu.warm;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What the calling thread has allocated on the heap, exactly, where the JVM can tell. */
interface AllocationMeter {

  /** Bytes since the thread was started. */
  long bytes();

  /** Whether {@link #bytes()} means anything. */
  boolean works();

  /** For the calling thread. */
  static AllocationMeter ofThisThread() {
    boolean present = ModuleLayer.boot().findModule("jdk.management").isPresent();
    return present ? HotSpot.open() : new Blind();
  }

  /** For a JVM that does not count. */
  record Blind() implements AllocationMeter {
    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public boolean works() {
      return false;
    }
  }

  /** Loaded only where the module is present. */
  record HotSpot(ThreadMXBean threads) implements AllocationMeter {
    static AllocationMeter open() {
      return ManagementFactory.getThreadMXBean() instanceof ThreadMXBean threads
              && threads.isThreadAllocatedMemorySupported()
              && threads.isThreadAllocatedMemoryEnabled()
          ? new HotSpot(threads)
          : new Blind();
    }

    @Override
    public long bytes() {
      return threads.getCurrentThreadAllocatedBytes();
    }

    @Override
    public boolean works() {
      return true;
    }
  }
}
