package org.sepconv.cpu.tile;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/** Where a {@link LaneTile} is, once it may compute: one for all that copy alike. */
public final class LaneSlot {
  private final Supplier<Here> maker;
  private final Upgrade upgrade;
  private volatile @Nullable Here here;

  /** The tile, and the problem for it. */
  private record Here(LaneTile tile, TinyProblem problem) {}

  LaneSlot(Supplier<LaneTile> tile, Function<LaneTile, TinyProblem> problem) {
    this.maker =
        () -> {
          LaneTile made = tile.get();
          return new Here(made, problem.apply(made));
        };
    this.upgrade = Upgrade.toGeneral(maker, Here::problem, made -> here = made);
  }

  /** Lets it compute before the JVM has compiled it. */
  synchronized LaneSlot begun() {
    if (here == null) {
      here = maker.get();
    }
    return this;
  }

  /** The tile; null while the JVM has not compiled it. */
  public @Nullable LaneTile tile() {
    Here now = here;
    return now == null ? null : now.tile;
  }

  /** What puts it here; nothing where it is. */
  public List<Upgrade> upgrades() {
    return here == null ? List.of(upgrade) : List.of();
  }

  /** The problem for it, if it is here: always the same. */
  public Optional<TinyProblem> tinyProblem() {
    return Optional.ofNullable(here).map(Here::problem);
  }
}
