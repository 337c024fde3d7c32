package org.sepconv.opencl.device;

import org.jspecify.annotations.Nullable;

/**
 * LLVM, in PoCL and other drivers, puts its handler of SIGSEGV in the place of the JVM's, which
 * needs it for each null and each safepoint. That handler gives the JVM's back when it is first
 * called, but until it has, a second thread with the same signal ends the process without a word;
 * at the next safepoint many threads have it at once.
 */
final class SignalHandlers {
  private static volatile int @Nullable [] nothing;

  private SignalHandlers() {}

  /**
   * Gives the JVM's back, if LLVM's are there, by a signal in this thread alone: the interpreter
   * finds out that there is no array by reading it.
   */
  @SuppressWarnings("NullAway") // that is what it is for
  static void giveBack() {
    try {
      int length = nothing.length;
      throw new AssertionError("an array of " + length);
    } catch (NullPointerException _) {
      // Whoever handled the signal, it is the JVM's again.
    }
  }
}
