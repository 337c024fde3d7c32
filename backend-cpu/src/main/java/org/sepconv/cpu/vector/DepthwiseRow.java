package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.cpu.tile.DepthwiseTile;
import org.sepconv.cpu.tile.DepthwiseTileEmitter.Taps;
import org.sepconv.cpu.tile.TileSlot;

/** Which tiles make a row of a depthwise convolution, by where they meet padding. */
final class DepthwiseRow {

  /** From here on what a tile tests for padding costs more than tiles for each set of taps. */
  static final int FAR_DILATION = 4;

  private final ConvGeometry geometry;
  private final Tiles tiles;
  private final List<Stretch> stretches = new ArrayList<>();

  private DepthwiseRow(ConvGeometry geometry, Tiles tiles) {
    this.geometry = geometry;
    this.tiles = tiles;
  }

  /** Makes tiles. */
  interface Tiles {
    TileSlot<DepthwiseTile> of(int pixels, Taps taps);
  }

  /**
   * Tiles that follow one another.
   *
   * @param x output column of the first pixel
   * @param pixels of a tile
   * @param count how many tiles
   */
  record Stretch(int x, int pixels, int count, TileSlot<DepthwiseTile> slot) {}

  /**
   * A row, from left to right.
   *
   * @param most pixels of a tile
   */
  static List<Stretch> of(ConvGeometry geometry, int most, Tiles tiles) {
    DepthwiseRow row = new DepthwiseRow(geometry, tiles);
    Conv2d conv = geometry.conv();
    int width = geometry.output().w();
    Taps all = new Taps(conv.kernelH(), conv.kernelW(), conv.strideW(), conv.dilationW());
    if (width > most && conv.dilationW() >= FAR_DILATION && conv.strideW() == 1) {
      row.addByTaps(most, all);
    } else {
      int last = geometry.inputColumn(width - 1) + conv.effectiveKernelW();
      // A single tile knows where its row begins and ends; others test.
      Taps padded =
          all.padded(
              geometry.padding().left(), Math.max(0, last - geometry.input().w()), width <= most);
      row.add(0, width, most, padded);
    }
    return List.copyOf(row.stretches);
  }

  /** Where taps lie far apart, many pixels meet the same of them: tiles for each such stretch. */
  private void addByTaps(int most, Taps all) {
    int width = geometry.output().w();
    int x = 0;
    while (x < width) {
      int first = geometry.firstTapColumn(x);
      int end = geometry.endTapColumn(x);
      int next = x + 1;
      while (next < width
          && geometry.firstTapColumn(next) == first
          && geometry.endTapColumn(next) == end) {
        next++;
      }
      add(x, next - x, most, all.only(first, end));
      x = next;
    }
  }

  /** Adds tiles of nearly equal width for {@code length} pixels from {@code x} on. */
  private void add(int x, int length, int most, Taps taps) {
    int at = x;
    for (RowTiles.Kind<Taps> kind : RowTiles.of(length, most, taps::within).all()) {
      TileSlot<DepthwiseTile> slot = tiles.of(kind.pixels(), kind.tile());
      stretches.add(new Stretch(at, kind.pixels(), kind.count(), slot));
      at += kind.pixels() * kind.count();
    }
  }
}
