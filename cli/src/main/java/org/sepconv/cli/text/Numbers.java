package org.sepconv.cli.text;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
public final class Numbers {
  private Numbers() {}

  /** {@code 568,740,352}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 1,234.57} with this many digits after the point. */
  public static String fixed(double value, int digits) {
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** {@code 7.89x}. */
  public static String times(double factor) {
    return fixed(factor, 2) + "x";
  }

  /** {@code 94.9 %}. */
  public static String percent(double part, double whole) {
    return fixed(100 * part / whole, 1) + " %";
  }

  /** At least three significant digits: {@code 0.0123}, {@code 1.23}, {@code 123}. */
  public static String significant(double value) {
    double magnitude = Math.abs(value);
    int digits = 0;
    for (double limit = 100; digits < 6 && magnitude < limit; limit /= 10) {
      digits++;
    }
    return fixed(value, magnitude == 0 ? 0 : digits);
  }
}
