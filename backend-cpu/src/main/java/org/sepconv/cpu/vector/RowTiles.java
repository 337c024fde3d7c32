package org.sepconv.cpu.vector;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The tiles that make a row: some of equal width, then some with a pixel less, rather than full
 * ones and a thin rest.
 */
record RowTiles<T>(List<Kind<T>> all) {

  /**
   * Tiles of one width.
   *
   * @param count how many of them follow one another
   */
  record Kind<T>(T tile, int pixels, int count) {}

  /** What is called with each kind of tile. */
  interface Visitor<T> {
    void visit(T tile, int pixels);
  }

  RowTiles {
    all = List.copyOf(all);
  }

  /**
   * @param most pixels of a tile
   * @param tile makes one of so many pixels
   */
  static <T> RowTiles<T> of(int width, int most, IntFunction<T> tile) {
    int count = Math.ceilDiv(width, most);
    int wide = Math.ceilDiv(width, count);
    int narrow = count * wide - width;
    return new RowTiles<>(
        Stream.of(new int[] {wide, count - narrow}, new int[] {wide - 1, narrow})
            .filter(kind -> kind[1] > 0)
            .map(kind -> new Kind<>(tile.apply(kind[0]), kind[0], kind[1]))
            .toList());
  }

  int kinds() {
    return all.size();
  }

  T tile(int kind) {
    return all.get(kind).tile;
  }

  int pixels(int kind) {
    return all.get(kind).pixels;
  }

  int count(int kind) {
    return all.get(kind).count;
  }

  int widePixels() {
    return all.getFirst().pixels;
  }

  void each(Visitor<T> visitor) {
    all.forEach(kind -> visitor.visit(kind.tile, kind.pixels));
  }
}
