package org.sepconv.cpu.vector;

import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.tile.ProductTile;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;

/** Products of matrices that are not packed, tile by tile. */
record TiledProduct(int rows, int lanes, ProductTile ofRepeated, ProductTile ofLanes)
    implements Loops.ProductTiles {

  TiledProduct(VectorEmitter emitter) {
    this(
        emitter.productRows(),
        emitter.lanes(),
        emitter.productTile(true),
        emitter.productTile(false));
  }

  @Override
  public TinyProblem tinyProblem(boolean repeated) {
    return tile(repeated).tinyProblem(rows, lanes);
  }

  private ProductTile tile(boolean repeated) {
    return repeated ? ofRepeated : ofLanes;
  }

  /** A tile at the end may compute some floats again. */
  @Override
  public void rows(
      float[] a,
      boolean repeated,
      int[] at,
      int depth,
      float[] b,
      int bi,
      int bStep,
      float[] to,
      int n) {
    int width = ProductTile.VECTORS * lanes;
    int second = n < width ? n - lanes : lanes;
    for (int i = 0; i < n; i += width) {
      int start = Math.max(0, Math.min(i, n - width));
      tile(repeated).compute(a, at, depth, b, bi + start, bStep, to, start, second);
    }
  }
}
