package org.sepconv.cpu.warm;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Faster code that takes the place of what computes meanwhile, as soon as the JVM has compiled it:
 * a {@link Warmer} sees to it.
 */
public final class Upgrade {
  private final Supplier<Ready> maker;
  private final boolean general;
  private final long work;
  private volatile boolean done;

  /** The code, made: a problem for it, and what puts it into its place. */
  record Ready(TinyProblem problem, Runnable place) {}

  private Upgrade(Supplier<Ready> maker, boolean general, long work) {
    this.maker = maker;
    this.general = general;
    this.work = work;
  }

  /** To code that serves many operations: it comes first, and {@code prepare} waits for it. */
  public static <T> Upgrade toGeneral(
      Supplier<T> maker, Function<T, TinyProblem> problem, Consumer<T> place) {
    return new Upgrade(ready(maker, problem, place), true, 0);
  }

  /**
   * To code that was made for one operation.
   *
   * @param work what it computes in a run: what there is most of comes first
   */
  public static <T> Upgrade toTuned(
      Supplier<T> maker, Function<T, TinyProblem> problem, Consumer<T> place, long work) {
    return new Upgrade(ready(maker, problem, place), false, work);
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

  boolean general() {
    return general;
  }

  long work() {
    return work;
  }
}
