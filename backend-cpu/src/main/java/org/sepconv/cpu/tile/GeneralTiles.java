package org.sepconv.cpu.tile;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.sepconv.cpu.warm.Upgrade;

/**
 * What computes until the JVM has compiled the tiles that were made for an operation: at first
 * plain loops, then one emitted tile for all matrix products and one for all depthwise
 * convolutions.
 */
final class GeneralTiles {

  /** By the length of vectors, for the life of the JVM, as what it has compiled. */
  private static final ConcurrentMap<Integer, GeneralTiles> ALL = new ConcurrentHashMap<>();

  private final List<Upgrade> upgrades;
  private volatile GeneralMatrixTile matrix;
  private volatile GeneralDepthwiseTile depthwise;

  private GeneralTiles(int bits) {
    int lanes = bits / Float.SIZE;
    this.matrix = new PlainMatrixTile(lanes);
    this.depthwise = new PlainDepthwiseTile(lanes);
    this.upgrades =
        List.of(
            Upgrade.toGeneral(
                () ->
                    new GeneralMatrixTileEmitter(new GeneralMatrixTileEmitter.Description(bits))
                        .emit(),
                tile -> tile.tinyProblem(lanes),
                tile -> matrix = tile),
            Upgrade.toGeneral(
                () ->
                    new GeneralDepthwiseTileEmitter(
                            new GeneralDepthwiseTileEmitter.Description(bits))
                        .emit(),
                tile -> tile.tinyProblem(lanes),
                tile -> depthwise = tile));
  }

  static GeneralTiles of(int bits) {
    return ALL.computeIfAbsent(bits, GeneralTiles::new);
  }

  GeneralMatrixTile matrix() {
    return matrix;
  }

  GeneralDepthwiseTile depthwise() {
    return depthwise;
  }

  Upgrade matrixUpgrade() {
    return upgrades.getFirst();
  }

  Upgrade depthwiseUpgrade() {
    return upgrades.getLast();
  }
}
