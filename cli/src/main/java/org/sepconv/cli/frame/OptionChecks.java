package org.sepconv.cli.frame;

/** Checks of option values that several commands share. */
public final class OptionChecks {
  private OptionChecks() {}

  /**
   * Refuses a time that is not positive, or longer than an hour.
   *
   * @param option as it is written: {@code --time}
   */
  public static void requireSeconds(String option, double seconds) {
    if (!(seconds > 0 && seconds <= 3600)) {
      throw new IllegalArgumentException("%s is %s, not in (0, 3600]".formatted(option, seconds));
    }
  }
}
