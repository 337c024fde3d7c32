package org.sepconv.cpu.vector;

import java.util.List;
import org.sepconv.cpu.layout.MatrixTurn;
import org.sepconv.cpu.tile.InterleaveTile;
import org.sepconv.cpu.tile.TransposeTile;
import org.sepconv.cpu.tile.TransposeTileEmitter;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Few channels a vector of pixels at a time ({@link NarrowTurn}); more of them in squares of as
 * many rows and columns as lanes, in registers; the last one of a row or column overlaps the one
 * before it. Plain loops where a side is shorter.
 */
final class SquareTurn implements MatrixTurn {
  private final VectorEmitter emitter;
  private final TransposeTile tile;
  private final int lanes;
  private final Object[] shuffles;

  /** For 1, 2 ... channels, each made when it is first needed: few programs need any. */
  private final NarrowTurn[] narrow;

  SquareTurn(VectorEmitter emitter) {
    this.emitter = emitter;
    this.tile = emitter.transposeTile();
    this.lanes = emitter.lanes();
    this.shuffles = emitter.shuffles(TransposeTileEmitter.partners(lanes));
    this.narrow = new NarrowTurn[InterleaveTile.MOST_CHANNELS];
  }

  /** Of two threads that make the same one, either's will do. */
  private NarrowTurn narrow(int channels) {
    if (narrow[channels - 1] == null) {
      narrow[channels - 1] = new NarrowTurn(channels, emitter);
    }
    return narrow[channels - 1];
  }

  @Override
  public void turn(
      float[] from,
      int fromOffset,
      int fromRow,
      float[] to,
      int toOffset,
      int toRow,
      int rows,
      int columns) {
    if (columns <= narrow.length && fromRow == columns) {
      narrow(columns).apart(from, fromOffset, to, toOffset, toRow, rows);
      return;
    }
    if (rows <= narrow.length && toRow == rows) {
      narrow(rows).together(from, fromOffset, fromRow, to, toOffset, columns);
      return;
    }
    if (rows < lanes || columns < lanes) {
      MatrixTurn.plain(from, fromOffset, fromRow, to, toOffset, toRow, rows, columns);
      return;
    }
    // Along the longer side.
    boolean down = rows > columns;
    int length = down ? rows : columns;
    int fromStep = down ? fromRow : 1;
    int toStep = down ? 1 : toRow;
    int lines = down ? columns : rows;
    int tiles = length / lanes;
    int last = length - lanes;
    for (int start = 0; start < lines; start += lanes) {
      int line = Math.min(start, lines - lanes);
      int source = fromOffset + line * (down ? 1 : fromRow);
      int target = toOffset + line * (down ? toRow : 1);
      int fromTile = fromStep * lanes;
      int toTile = toStep * lanes;
      tile.compute(from, source, fromRow, fromTile, to, target, toRow, toTile, tiles, shuffles);
      if (last > (tiles - 1) * lanes) {
        int lastSource = source + last * fromStep;
        int lastTarget = target + last * toStep;
        tile.compute(from, lastSource, fromRow, 0, to, lastTarget, toRow, 0, 1, shuffles);
      }
    }
  }

  /** Some squares one after the other and one that overlaps, along rows and along columns. */
  @Override
  public List<TinyProblem> tinyProblems(int side) {
    if (side <= narrow.length) {
      return List.of(narrow(side).tinyProblem());
    }
    int length = 3 * lanes + 1;
    float[] from = new float[length * lanes];
    float[] to = new float[length * lanes];
    return List.of(
        new TinyProblem(() -> turn(from, 0, length, to, 0, lanes, lanes, length)),
        new TinyProblem(() -> turn(from, 0, lanes, to, 0, length, length, lanes)));
  }
}
