package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import java.util.List;

/**
 * Emits a {@link LaneTile}: each vector that is stored takes some lanes of each that is loaded.
 *
 * <pre>
 *   y = from[first], shuffled
 *   y = the lanes of from[second], shuffled, that belong there; the others of y
 *   to = y
 * </pre>
 */
final class LaneTileEmitter {
  private static final List<String> SOURCES = List.of("first", "second", "third", "fourth");

  /**
   * Everything that the code depends on.
   *
   * @param sources vectors that are loaded
   * @param whole whether all lanes are stored
   */
  record Description(int bits, int sources, boolean whole) {
    String className() {
      return "LaneTile_v%d_%d%s".formatted(bits / Float.SIZE, sources, whole ? "" : "masked");
    }
  }

  private final Description tile;

  LaneTileEmitter(Description tile) {
    this.tile = tile;
  }

  LaneTile emit() {
    return Emission.newTile(LaneTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int lanes = emission.parameter("lanes");
    int count = tile.sources;
    int[] shuffles = new int[count];
    int[] masks = new int[count];
    each(
        count,
        i -> {
          shuffles[i] = code.vectorLocal();
          code.shuffle(shuffles[i], lanes, code.constant(i));
          if (i > 0) {
            masks[i] = code.vectorLocal();
            code.mask(masks[i], lanes, code.constant(count + i));
          }
        });
    int stored = code.vectorLocal();
    if (!tile.whole) {
      code.mask(stored, lanes, code.constant(2 * count));
    }
    int y = code.vectorLocal();
    int other = code.vectorLocal();
    int i = code.intLocal();
    int end = code.intLocal();
    code.set(end, code.times(emission.value("pixels"), tile.bits / Float.SIZE));
    code.loop(
        i,
        code.constant(0),
        code.local(end),
        tile.bits / Float.SIZE,
        () -> {
          for (int source = 0; source < count; source++) {
            int part = source == 0 ? y : other;
            code.load(
                part,
                emission.parameter("from"),
                code.plus(emission.value(SOURCES.get(source)), code.local(i)));
            code.rearrange(part, shuffles[source]);
            if (source > 0) {
              code.blend(y, other, masks[source], y);
            }
          }
          var at = code.plus(emission.value("toOffset"), code.local(i));
          if (tile.whole) {
            code.store(y, emission.parameter("to"), at);
          } else {
            code.store(y, emission.parameter("to"), at, stored);
          }
        });
  }
}
