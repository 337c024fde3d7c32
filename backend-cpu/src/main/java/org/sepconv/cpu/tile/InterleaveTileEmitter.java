package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

/**
 * Emits an {@link InterleaveTile}: each vector that is stored takes some lanes of each that is
 * loaded.
 *
 * <pre>
 *   x[b] = from (channels vectors)
 *   y[a] = the lanes of x[0], x[1] ... that belong there, each shuffled to its place
 *   to = y[a]
 * </pre>
 *
 * <p>With three channels, a lane of {@code y[a]} never has to choose between two lanes of the same
 * place: one shuffle a vector does, before what is put together, after what is taken apart.
 */
public final class InterleaveTileEmitter {

  /**
   * What the code depends on.
   *
   * @param apart whether pixels become planes, not planes pixels
   */
  record Description(int bits, int channels, boolean apart) {
    String className() {
      return "InterleaveTile_v%d_%d%s"
          .formatted(bits / Float.SIZE, channels, apart ? "apart" : "together");
    }

    /** Whether each vector is shuffled once: no two of its lanes lie at the same place. */
    boolean once() {
      return channels == 3;
    }

    /** Which value lane {@code lane} of vector {@code a} takes, counted through what is loaded. */
    int source(int a, int lane) {
      int lanes = bits / Float.SIZE;
      int flat = a * lanes + lane;
      return apart ? lane * channels + a : flat % channels * lanes + flat / channels;
    }
  }

  private final Description tile;
  private final int lanes;

  InterleaveTileEmitter(Description tile) {
    this.tile = tile;
    this.lanes = tile.bits / Float.SIZE;
  }

  InterleaveTile emit() {
    return Emission.newTile(InterleaveTile.class, tile.className(), tile.bits, this::body);
  }

  /** For each vector that is stored, and each that is loaded, the lane that each lane takes. */
  static int[] table(Description tile) {
    int lanes = tile.bits / Float.SIZE;
    int count = tile.channels;
    int[] table = new int[(tile.once() ? count : count * count) * lanes];
    for (int i = 0; i < count * count * lanes; i++) {
      int a = i / lanes / count;
      int b = i / lanes % count;
      int source = tile.source(a, i % lanes);
      if (!tile.once()) {
        table[i] = source % lanes;
      } else if (source / lanes == b) {
        table[(tile.apart ? a : b) * lanes + i % lanes] = source % lanes;
      }
    }
    return table;
  }

  /** The lanes of vector {@code a} that come from vector {@code b}, where they are blended. */
  private long lanesFrom(int a, int b) {
    long mask = 0;
    for (int lane = 0; lane < lanes; lane++) {
      int source = tile.source(a, lane);
      if (source / lanes == b) {
        mask |= 1L << (tile.apart && tile.once() ? source % lanes : lane);
      }
    }
    return mask;
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int count = tile.channels;
    int[] shuffles = new int[tile.once() ? count : count * count];
    int[] masks = new int[count * count];
    each(
        shuffles.length,
        i -> {
          shuffles[i] = code.vectorLocal();
          code.shuffle(shuffles[i], emission.parameter("shuffles"), code.constant(i));
        });
    each(
        masks.length,
        i -> {
          masks[i] = code.vectorLocal();
          code.mask(masks[i], lanesFrom(i / count, i % count));
        });
    int source = code.intLocal();
    int target = code.intLocal();
    code.set(source, emission.value("fromOffset"));
    code.set(target, emission.value("toOffset"));
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("tiles"),
        1,
        () -> {
          tile(emission, source, target, shuffles, masks);
          code.increment(source, emission.value("fromTile"));
          code.increment(target, emission.value("toTile"));
        });
  }

  private void tile(Emission emission, int source, int target, int[] shuffles, int[] masks) {
    VectorCode code = emission.vectors();
    int count = tile.channels;
    int[] x = new int[count];
    int row = code.intLocal();
    code.set(row, code.local(source));
    each(
        count,
        b -> {
          x[b] = code.vectorLocal();
          code.load(x[b], emission.parameter("from"), code.local(row));
          if (tile.once() && !tile.apart) {
            code.rearrange(x[b], shuffles[b]);
          }
          code.increment(row, emission.value("fromStep"));
        });
    int y = code.vectorLocal();
    int other = code.vectorLocal();
    code.set(row, code.local(target));
    each(
        count,
        a -> {
          for (int b = 0; b < count; b++) {
            int part = b == 0 ? y : other;
            code.copy(x[b], part);
            if (!tile.once()) {
              code.rearrange(part, shuffles[a * count + b]);
            }
            if (b > 0) {
              code.blend(y, other, masks[a * count + b], y);
            }
          }
          if (tile.once() && tile.apart) {
            code.rearrange(y, shuffles[a]);
          }
          code.store(y, emission.parameter("to"), code.local(row));
          code.increment(row, emission.value("toStep"));
        });
  }
}
