package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits a {@link ProductTile}: sums in registers, beside the vectors of the second matrix and,
 * since C2 loads them ahead, one for each row.
 */
final class ProductTileEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param repeated whether a value of the first matrix is repeated in all lanes
   */
  record Description(int bits, boolean repeated) {
    String className() {
      return "ProductTile_%dx%dv%d%s"
          .formatted(rows(bits), ProductTile.VECTORS, bits / Float.SIZE, repeated ? "r" : "");
    }
  }

  private final Description tile;

  ProductTileEmitter(Description tile) {
    this.tile = tile;
  }

  /** The more there are, the less often the second matrix is read. */
  static int rows(int bits) {
    return bits == 512 ? 8 : 4;
  }

  ProductTile emit() {
    int rows = rows(tile.bits);
    int needed = rows * ProductTile.VECTORS + ProductTile.VECTORS + rows;
    Registers.require(tile.className(), tile.bits, needed);
    return Emission.newTile(ProductTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int rows = rows(tile.bits);
    int places = emission.parameter("places");
    int[] starts = new int[rows];
    each(
        rows,
        r -> {
          starts[r] = code.intLocal();
          code.set(starts[r], code.element(places, code.constant(r)));
        });
    int[] sums = new int[rows * ProductTile.VECTORS];
    each(sums.length, i -> sums[i] = code.vectorLocal());
    each(sums.length, i -> code.zero(sums[i]));
    int[] b = new int[ProductTile.VECTORS];
    each(b.length, v -> b[v] = code.vectorLocal());
    int x = code.vectorLocal();
    int k = code.intLocal();
    int row = emission.parameter("bOffset");
    code.loop(
        k,
        code.constant(0),
        emission.value("depth"),
        1,
        () -> {
          each(b.length, v -> code.load(b[v], emission.parameter("b"), vector(emission, row, v)));
          each(
              rows,
              r -> {
                first(emission, x, code.local(starts[r]), code.local(k));
                each(b.length, v -> code.multiplyAdd(x, b[v], sums[r * b.length + v]));
              });
          code.increment(row, emission.value("bStep"));
        });
    each(
        sums.length,
        i -> {
          Index to = code.element(places, code.constant(rows + i / b.length));
          Index vector = vector(emission, emission.parameter("outOffset"), i % b.length);
          code.store(sums[i], emission.parameter("out"), code.plus(to, vector));
        });
  }

  private void first(Emission emission, int x, Index start, Index k) {
    VectorCode code = emission.vectors();
    if (tile.repeated) {
      code.broadcast(x, emission.parameter("a"), code.plus(start, k));
    } else {
      Index vector = code.plus(start, code.times(k, tile.bits / Float.SIZE));
      code.load(x, emission.parameter("a"), vector);
    }
  }

  private static Index vector(Emission emission, int first, int v) {
    VectorCode code = emission.vectors();
    return v == 0 ? code.local(first) : code.plus(code.local(first), emission.value("second"));
  }
}
