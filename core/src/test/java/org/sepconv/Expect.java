package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;

/** Expectations that tests of all packages share. */
public final class Expect {
  private Expect() {}

  /** The call throws exactly this kind of error, and its message has every one of the parts. */
  public static <T extends Throwable> T failure(
      Class<T> type, Executable call, String... messageParts) {
    T failure = assertThrows(type, call);
    for (String part : messageParts) {
      assertTrue(
          String.valueOf(failure.getMessage()).contains(part),
          () -> "'" + failure.getMessage() + "' lacks '" + part + "'");
    }
    return failure;
  }

  /** The call refuses an argument with a message that has every one of the parts. */
  public static void refused(Executable call, String... messageParts) {
    failure(IllegalArgumentException.class, call, messageParts);
  }

  /** The call fails on a null argument, and names it. */
  public static void nullRefused(Executable call, String name) {
    failure(NullPointerException.class, call, name);
  }
}
