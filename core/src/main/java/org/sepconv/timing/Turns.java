package org.sepconv.timing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Lets several take turns, round after round: whatever disturbs the machine disturbs all alike, and
 * a JVM compiles the code of one while the others run. Each round begins with another one.
 */
public final class Turns<T> {
  private final List<T> all;
  private int rounds;

  /**
   * Turns of these.
   *
   * @param all read at the beginning of each round: who is not in it any more has left
   */
  public Turns(List<T> all) {
    this.all = all;
  }

  /** Gives a turn to each that wants one now; whether anybody did. */
  public boolean round(Predicate<? super T> wants, Consumer<? super T> turn) {
    List<T> order = new ArrayList<>(all);
    Collections.rotate(order, rounds++);
    order.removeIf(one -> !wants.test(one));
    order.forEach(turn);
    return !order.isEmpty();
  }
}
