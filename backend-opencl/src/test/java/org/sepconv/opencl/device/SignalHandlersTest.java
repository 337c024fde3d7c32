package org.sepconv.opencl.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.opencl.Devices;

/** Whoever starts java by hand, without libjsig, keeps the JVM's handlers. */
class SignalHandlersTest {

  /** Prints whether the handler of SIGSEGV is the same after the devices were looked for. */
  public static final class Probing {
    private static final int SIGSEGV = 11;

    public static void main(String[] arguments) throws Throwable {
      long before = handler();
      ClDevice.all();
      System.out.println(handler() == before ? "the same" : "another");
    }

    /** What {@code struct sigaction} begins with. */
    @SuppressWarnings("restricted")
    private static long handler() throws Throwable {
      Linker linker = Linker.nativeLinker();
      MethodHandle sigaction =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("sigaction"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT,
                  ValueLayout.JAVA_INT,
                  ValueLayout.ADDRESS,
                  ValueLayout.ADDRESS));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment current = arena.allocate(256);
        int status = (int) sigaction.invokeExact(SIGSEGV, MemorySegment.NULL, current);
        assertEquals(0, status);
        return current.get(ValueLayout.JAVA_LONG, 0);
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theJvmsHandlersAreThereAfterDevicesWereLookedFor() throws Exception {
    Devices.require();
    ChildJvm.Ended ended = new ChildJvm().withoutEnvironment("LD_PRELOAD").run(Probing.class);
    assertEquals("the same", ended.out().strip(), ended::output);
  }
}
