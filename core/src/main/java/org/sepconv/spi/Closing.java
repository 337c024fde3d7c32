package org.sepconv.spi;

import java.util.ArrayList;
import java.util.List;

/** Gives several things back, whatever one of them throws. */
public final class Closing {
  private Closing() {}

  /** Does all of this in its order, and then throws the first failure, the others with it. */
  public static void all(List<Runnable> closings) {
    List<Throwable> failures = new ArrayList<>();
    for (Runnable closing : closings) {
      try {
        closing.run();
      } catch (RuntimeException | Error failure) {
        failures.add(failure);
      }
    }
    if (failures.isEmpty()) {
      return;
    }
    Throwable first = failures.removeFirst();
    failures.forEach(first::addSuppressed);
    if (first instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) first;
  }
}
