package org.sepconv.cpu.layout;

import java.util.Arrays;
import org.sepconv.Axis;
import org.sepconv.Shape;

/**
 * Where each value of a tensor in {@link ChannelBlocks} lies: the sum of one number for each of its
 * four coordinates. What moves values along one dimension changes one table.
 */
public final class PlaceOffsets {
  private final int[][] tables;

  private PlaceOffsets(int[][] tables) {
    this.tables = tables;
  }

  public static PlaceOffsets of(ChannelBlocks blocks) {
    Shape shape = blocks.shape();
    int[][] tables = new int[4][];
    for (Axis axis : Axis.values()) {
      int[] table = new int[axis.size(shape)];
      for (int i = 0; i < table.length; i++) {
        table[i] =
            switch (axis) {
              case BATCH -> i * blocks.imageFloats();
              case CHANNEL -> i / blocks.block() * blocks.planeFloats() + i % blocks.block();
              case HEIGHT -> (i + 1) * blocks.rowFloats();
              case WIDTH -> i * blocks.block();
            };
      }
      tables[axis.ordinal()] = table;
    }
    return new PlaceOffsets(tables);
  }

  /** The same tensor as one of this shape: dimensions of length 1 are repeated (broadcasting). */
  public PlaceOffsets repeatedTo(Shape shape) {
    int[][] repeated = tables.clone();
    for (Axis axis : Axis.values()) {
      int i = axis.ordinal();
      if (tables[i].length == 1) {
        repeated[i] = new int[axis.size(shape)];
        Arrays.fill(repeated[i], tables[i][0]);
      }
    }
    return new PlaceOffsets(repeated);
  }

  /** The numbers of one dimension; not to be changed. */
  public int[] of(Axis axis) {
    return tables[axis.ordinal()];
  }

  /** Where the value at N, C, H, W lies. */
  public int at(int... place) {
    int offset = 0;
    for (int i = 0; i < tables.length; i++) {
      offset += tables[i][place[i]];
    }
    return offset;
  }
}
