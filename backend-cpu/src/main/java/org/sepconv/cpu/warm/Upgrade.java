package org.sepconv.cpu.warm;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Faster code that takes the place of what computes meanwhile, as soon as the JVM has compiled it:
 * a {@link Warmer} sees to it. Or code that has nothing in its place, and computes from the first
 * run on.
 */
public final class Upgrade {
  /** In the order in which they are compiled. */
  enum Rank {
    /** Serves many operations. */
    GENERAL,
    /** Has nothing in its place. */
    ALONE,
    /** Was made for one operation, and is waited for by nobody. */
    TUNED
  }

  private final Supplier<Ready> maker;
  private final Rank rank;
  private final long work;
  private volatile boolean done;

  /** The code, made: a problem for it, and what puts it into its place. */
  record Ready(TinyProblem problem, Runnable place) {}

  private Upgrade(Supplier<Ready> maker, Rank rank, long work) {
    this.maker = maker;
    this.rank = rank;
    this.work = work;
  }

  /** To code that serves many operations. */
  public static <T> Upgrade toGeneral(
      Supplier<T> maker, Function<T, TinyProblem> problem, Consumer<T> place) {
    return new Upgrade(ready(maker, problem, place), Rank.GENERAL, 0);
  }

  /** To the same code, compiled. */
  public static Upgrade alone(TinyProblem problem) {
    return new Upgrade(() -> new Ready(problem, () -> {}), Rank.ALONE, 0);
  }

  /**
   * To code that was made for one operation.
   *
   * @param work what it computes in a run: what there is most of comes first
   */
  public static <T> Upgrade toTuned(
      Supplier<T> maker, Function<T, TinyProblem> problem, Consumer<T> place, long work) {
    return new Upgrade(ready(maker, problem, place), Rank.TUNED, work);
  }

  private static <T> Supplier<Ready> ready(
      Supplier<T> maker, Function<T, TinyProblem> problem, Consumer<T> place) {
    return () -> {
      T code = maker.get();
      return new Ready(problem.apply(code), () -> place.accept(code));
    };
  }

  Ready make() {
    return maker.get();
  }

  void done() {
    done = true;
  }

  /** Whether it has its place. */
  boolean isDone() {
    return done;
  }

  Rank rank() {
    return rank;
  }

  long work() {
    return work;
  }
}
