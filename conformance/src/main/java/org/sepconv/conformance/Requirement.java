package org.sepconv.conformance;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Whether a backend that is unavailable may be skipped: not if the environment variable {@value
 * #VARIABLE} names it, which is how a build makes sure that it tested what it meant to test.
 */
public final class Requirement {

  /** A comma-separated list of backend names and device ids. */
  static final String VARIABLE = "SEPCONV_REQUIRE";

  private Requirement() {}

  /**
   * @param list the value of the variable, or nothing
   * @param backend name of the backend
   * @param device id of the device that is asked for, or the backend's name
   */
  static boolean names(String list, String backend, String device) {
    return names(list).anyMatch(name -> name.equals(backend) || name.equals(device));
  }

  /**
   * Ends a test without what it needs: skips it, with the reason printed, or fails it where the
   * variable names the backend or a device of it.
   */
  public static void missing(String backend, String reason) {
    missing(variable(), backend, reason);
  }

  static void missing(String list, String backend, String reason) {
    if (names(list).anyMatch(name -> name.equals(backend) || name.startsWith(backend + ":"))) {
      Assertions.fail(reason);
    }
    System.out.println("skipped: " + reason);
    Assumptions.abort(reason);
  }

  /** The value of the variable, or nothing. */
  static String variable() {
    return Optional.ofNullable(System.getenv(VARIABLE)).orElse("");
  }

  private static Stream<String> names(String list) {
    return Arrays.stream(list.split(",")).map(name -> name.strip().toLowerCase(Locale.ROOT));
  }
}
