package org.sepconv.cpu.tile;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * A place for a tile, which is made when it is first needed. Where a slot is staged, others compute
 * what the tile would, and give the same bits, until the JVM has compiled it.
 */
public final class TileSlot<T> {

  /** Descriptions of the tiles that the JVM has compiled. */
  private static final Set<Object> COMPILED = ConcurrentHashMap.newKeySet();

  /**
   * What computes until then.
   *
   * @param upgrade of what it is made of, which serves other slots too
   */
  record Untuned<T>(Supplier<T> tile, Upgrade upgrade) {}

  private final Object key;
  private final Supplier<T> tuned;
  private final Optional<Untuned<T>> untuned;
  private final boolean staged;

  /** Written by several threads, each of whose tiles computes the same. */
  private @Nullable T tile;

  /**
   * @param key all that the tuned tile depends on
   * @param untuned null if there is none
   * @param staged whether that computes at first, not the tuned tile from the first call on
   */
  TileSlot(Object key, Supplier<T> tuned, @Nullable Untuned<T> untuned, boolean staged) {
    this.key = key;
    this.tuned = tuned;
    this.untuned = Optional.ofNullable(untuned);
    this.staged = staged;
  }

  /** What computes now. */
  public T tile() {
    T now = tile;
    return now == null ? first() : now;
  }

  /**
   * What computes the same and keeps all NaN, where the tile says that it may have lost some: never
   * this one.
   */
  public T exact() {
    return untuned.orElseThrow().tile.get();
  }

  private T first() {
    T first = isStaged() ? untuned.orElseThrow().tile.get() : tuned.get();
    tile = first;
    return first;
  }

  /** Whether something else computes until the tile is compiled. */
  public boolean isStaged() {
    return staged && untuned.isPresent() && !COMPILED.contains(key);
  }

  /**
   * To the general code, and to the tuned; none where it {@linkplain #isStaged() is not staged}.
   *
   * @param problem for the tuned tile
   * @param work what it computes in a run
   */
  public List<Upgrade> upgrades(Function<T, TinyProblem> problem, long work) {
    return isStaged()
        ? List.of(
            untuned.orElseThrow().upgrade, Upgrade.toTuned(tuned, problem, this::upgrade, work))
        : List.of();
  }

  private void upgrade(T compiled) {
    COMPILED.add(key);
    tile = compiled;
  }
}
