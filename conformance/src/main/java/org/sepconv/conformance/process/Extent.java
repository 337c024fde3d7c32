package org.sepconv.conformance.process;

import java.util.List;

/** How much tests of faults try: the telling cases, or with {@code -Dsepconv.faults=all} each. */
public final class Extent {
  /** For the conditions of tests that take long. */
  public static final String PROPERTY = "sepconv.faults";

  public static final String ALL = "all";

  private Extent() {}

  /** Whether all is tried, which takes minutes. */
  public static boolean all() {
    return ALL.equals(System.getProperty(PROPERTY));
  }

  /** All of these, or only the first ones. */
  public static <T> List<T> of(List<T> cases, int first) {
    return all() ? cases : cases.subList(0, first);
  }
}
