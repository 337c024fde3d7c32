package org.sepconv.cpu.vector;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.tile.GeneralSlot;
import org.sepconv.cpu.tile.LaneTile;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.cpu.warm.Upgrade;

/**
 * Pixels of one block of channels out of two or four others, by a {@link LaneTile}; value by value
 * until the JVM has compiled that.
 */
final class LaneShuffle implements Loops.LaneMove {
  private static final int FEW = 2;

  /** As {@link Loops#laneMove} is told. */
  private final int[] blocks;

  private final int[] places;

  /** For each source, how far its block is from where a copy begins to read. */
  private final int[] offsets;

  private final GeneralSlot<Optional<LaneTile>> slot;
  private final Object[] lanes;

  private LaneShuffle(
      int[] blocks,
      int[] places,
      int[] offsets,
      GeneralSlot<Optional<LaneTile>> slot,
      Object[] lanes) {
    this.blocks = blocks;
    this.places = places;
    this.offsets = offsets;
    this.slot = slot;
    this.lanes = lanes;
  }

  /** As {@link Loops#laneMove} says. */
  static Optional<Loops.LaneMove> of(int[] blocks, int[] places, VectorEmitter emitter) {
    int lanes = blocks.length;
    int[] used = IntStream.of(blocks).filter(block -> block != NOT_WRITTEN).distinct().toArray();
    if (lanes != emitter.lanes() || used.length > LaneTile.MOST_SOURCES) {
      return Optional.empty();
    }
    // The first stands for those that are missing, of which no lane is taken.
    int[] offsets = Arrays.copyOf(used, LaneTile.MOST_SOURCES);
    Arrays.fill(offsets, used.length, offsets.length, used[0]);
    int sources = used.length <= FEW ? FEW : LaneTile.MOST_SOURCES;
    int[] shuffles = new int[sources * lanes];
    boolean[][] masks = new boolean[sources + 1][lanes];
    for (int lane = 0; lane < lanes; lane++) {
      for (int i = 0; i < used.length; i++) {
        if (blocks[lane] == used[i]) {
          shuffles[i * lanes + lane] = places[lane];
          masks[i][lane] = true;
          masks[sources][lane] = true;
        }
      }
    }
    boolean whole = IntStream.of(blocks).noneMatch(block -> block == NOT_WRITTEN);
    return Optional.of(
        new LaneShuffle(
            blocks,
            places,
            offsets,
            emitter.laneTile(sources, whole),
            emitter.shufflesAndMasks(shuffles, masks)));
  }

  @Override
  public void copy(float[] from, int at, float[] to, int ti, int pixels) {
    Optional<LaneTile> tile = slot.tile();
    if (tile.isEmpty()) {
      copyValues(from, at, to, ti, pixels);
      return;
    }
    tile.get()
        .compute(
            from,
            at + offsets[0],
            at + offsets[1],
            at + offsets[2],
            at + offsets[3],
            to,
            ti,
            pixels,
            lanes);
  }

  private void copyValues(float[] from, int at, float[] to, int ti, int pixels) {
    for (int i = 0; i < pixels * blocks.length; i += blocks.length) {
      for (int lane = 0; lane < blocks.length; lane++) {
        if (blocks[lane] != NOT_WRITTEN) {
          to[ti + i + lane] = from[at + blocks[lane] + i + places[lane]];
        }
      }
    }
  }

  @Override
  public Optional<TinyProblem> tinyProblem() {
    return slot.tinyProblem();
  }

  @Override
  public List<Upgrade> upgrades() {
    return slot.upgrades();
  }
}
