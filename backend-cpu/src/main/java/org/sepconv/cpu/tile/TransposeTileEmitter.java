package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import java.util.Arrays;

/**
 * Emits a {@link TransposeTile}: blocks of 1, 2, 4 ... lanes change places between rows that lie as
 * far apart.
 *
 * <pre>
 *   for d = 1, 2, 4 ...: for each pair of rows a, b, d apart; partner of lane l: lane l ^ d
 *     a, b = a where l has not bit d, else b's partner;   b where l has bit d, else a's partner
 * </pre>
 */
public final class TransposeTileEmitter {

  /** What the code depends on. */
  record Description(int bits) {
    String className() {
      return "TransposeTile_v%d".formatted(bits / Float.SIZE);
    }
  }

  private final Description tile;
  private final int lanes;

  TransposeTileEmitter(Description tile) {
    this.tile = tile;
    this.lanes = tile.bits / Float.SIZE;
  }

  TransposeTile emit() {
    return Emission.newTile(TransposeTile.class, tile.className(), tile.bits, this::body);
  }

  /** For each distance, the partner of each lane: the shuffles of the tile. */
  public static int[] partners(int lanes) {
    int[] partners = new int[Integer.numberOfTrailingZeros(lanes) * lanes];
    Arrays.setAll(partners, i -> i % lanes ^ 1 << i / lanes);
    return partners;
  }

  /** The lanes that have bit d. */
  private long lanesWith(int d) {
    long mask = 0;
    for (int lane = 0; lane < lanes; lane++) {
      mask |= (lane & d) != 0 ? 1L << lane : 0;
    }
    return mask;
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int distances = Integer.numberOfTrailingZeros(lanes);
    int[] shuffles = new int[distances];
    int[] masks = new int[distances];
    for (int k = 0; k < distances; k++) {
      shuffles[k] = code.vectorLocal();
      masks[k] = code.vectorLocal();
      code.shuffle(shuffles[k], emission.parameter("shuffles"), code.constant(k));
      code.mask(masks[k], lanesWith(1 << k));
    }
    int source = code.intLocal();
    int target = code.intLocal();
    int t = code.intLocal();
    code.set(source, emission.value("fromOffset"));
    code.set(target, emission.value("toOffset"));
    code.loop(
        t,
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
    int[] rows = new int[lanes];
    int row = code.intLocal();
    code.set(row, code.local(source));
    each(
        lanes,
        i -> {
          rows[i] = code.vectorLocal();
          code.load(rows[i], emission.parameter("from"), code.local(row));
          code.increment(row, emission.value("fromRow"));
        });
    int partners = code.vectorLocal();
    for (int k = 0; k < shuffles.length; k++) {
      for (int i = 0; i < lanes; i++) {
        if ((i & 1 << k) == 0) {
          int a = rows[i];
          int b = rows[i | 1 << k];
          code.copy(a, partners);
          code.rearrange(partners, shuffles[k]);
          int second = code.vectorLocal();
          code.blend(partners, b, masks[k], second);
          code.copy(b, partners);
          code.rearrange(partners, shuffles[k]);
          code.blend(a, partners, masks[k], a);
          rows[i | 1 << k] = second;
        }
      }
    }
    code.set(row, code.local(target));
    each(
        lanes,
        j -> {
          code.store(rows[j], emission.parameter("to"), code.local(row));
          code.increment(row, emission.value("toRow"));
        });
  }
}
