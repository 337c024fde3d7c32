package org.sepconv.conformance;

import java.util.Arrays;
import java.util.Locale;

/**
 * Whether a backend that is unavailable may be skipped: not if the environment variable {@value
 * #VARIABLE} names it, which is how a build makes sure that it tested what it meant to test.
 */
final class Requirement {

  /** A comma-separated list of backend names and device ids. */
  static final String VARIABLE = "SEPCONV_REQUIRE";

  private Requirement() {}

  /**
   * @param list the value of the variable, or nothing
   * @param backend name of the backend
   * @param device id of the device that is asked for, or the backend's name
   */
  static boolean names(String list, String backend, String device) {
    return Arrays.stream(list.split(","))
        .map(name -> name.strip().toLowerCase(Locale.ROOT))
        .anyMatch(name -> name.equals(backend) || name.equals(device));
  }
}
