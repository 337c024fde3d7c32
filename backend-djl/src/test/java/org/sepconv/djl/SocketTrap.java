package org.sepconv.djl;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.util.Map;

/**
 * Kills this process at the first internet socket that it opens, from Java or from native code: a
 * system call filter of the Linux kernel (seccomp), which nothing in the process can lift.
 */
final class SocketTrap {
  /** What {@code Process.exitValue} says of a process that the trap killed: 128 + SIGSYS. */
  static final int KILLED = 128 + 31;

  /** Numbers of the system calls socket and seccomp, by {@code os.arch}. */
  private static final Map<String, int[]> CALLS =
      Map.of("amd64", new int[] {41, 317}, "aarch64", new int[] {198, 277});

  private SocketTrap() {}

  static boolean supported() {
    return System.getProperty("os.name").equals("Linux")
        && CALLS.containsKey(System.getProperty("os.arch"));
  }

  /** Sets the trap for all threads, or throws where the kernel refuses. */
  static void set() throws Throwable {
    InetAddress.getLoopbackAddress(); // the JDK tries out IPv6 with a socket when this class loads
    int[] calls = CALLS.get(System.getProperty("os.arch"));
    int[][] program = { // code, jump if true, jump if false, operand
      {0x20, 0, 0, 0}, // load the number of the call
      {0x15, 0, 4, calls[0]}, // not socket(): allow
      {0x20, 0, 0, 16}, // load its first argument
      {0x15, 1, 0, 2}, // AF_INET: kill
      {0x15, 0, 1, 10}, // AF_INET6: kill; others: allow
      {0x06, 0, 0, 0x80000000}, // kill the process
      {0x06, 0, 0, 0x7fff0000}, // allow
    };
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = arena.allocate(8L * program.length, 8);
      for (int i = 0; i < program.length; i++) {
        int[] step = program[i];
        filter.set(JAVA_INT, 8L * i, step[0] | step[1] << 16 | step[2] << 24);
        filter.set(JAVA_INT, 8L * i + 4, step[3]);
      }
      MemorySegment header = arena.allocate(16, 8);
      header.set(JAVA_SHORT, 0, (short) program.length);
      header.set(ADDRESS, 8, filter);
      MethodHandle prctl = call("prctl", JAVA_INT);
      int noNewPrivileges = (int) prctl.invokeExact(38, 1L, 0L, MemorySegment.NULL, 0L);
      MethodHandle syscall = call("syscall", JAVA_LONG);
      long installed = (long) syscall.invokeExact((long) calls[1], 1L, 1L, header, 0L);
      if (noNewPrivileges != 0 || installed != 0) {
        throw new IllegalStateException("the kernel refuses a system call filter: " + installed);
      }
    }
  }

  @SuppressWarnings("restricted") // the point of this class
  private static MethodHandle call(String name, java.lang.foreign.ValueLayout number) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(number, number, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG),
        Linker.Option.firstVariadicArg(1));
  }
}
