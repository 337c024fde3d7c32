package org.sepconv.cpu.tile;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Where a tile is that serves many operations: plain loops, or none, until the JVM has compiled it.
 */
public final class GeneralSlot<T> {
  private final Supplier<T> emitter;
  private final Function<T, TinyProblem> problem;
  private final Upgrade upgrade;
  private volatile T tile;

  /** Of what was emitted, once it computes. */
  private volatile @Nullable TinyProblem tinyProblem;

  /**
   * @param plain computes the same, or is empty: then the caller does meanwhile
   */
  GeneralSlot(T plain, Supplier<T> emitter, Function<T, TinyProblem> problem) {
    this.emitter = emitter;
    this.problem = problem;
    this.tile = plain;
    this.upgrade = Upgrade.toGeneral(emitter, problem, this::place);
  }

  private void place(T emitted) {
    tile = emitted;
    tinyProblem = problem.apply(emitted);
  }

  /** Lets what is emitted compute before the JVM has compiled it. */
  synchronized GeneralSlot<T> begun() {
    if (tinyProblem == null) {
      place(emitter.get());
    }
    return this;
  }

  /** What computes now. */
  public T tile() {
    return tile;
  }

  Upgrade upgrade() {
    return upgrade;
  }

  /** What puts the emitted tile here; nothing where it is. */
  public List<Upgrade> upgrades() {
    return tinyProblem == null ? List.of(upgrade) : List.of();
  }

  /** The problem for it, if it is here: always the same. */
  public Optional<TinyProblem> tinyProblem() {
    return Optional.ofNullable(tinyProblem);
  }
}
