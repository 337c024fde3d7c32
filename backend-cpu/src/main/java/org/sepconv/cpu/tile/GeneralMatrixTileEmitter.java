package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.GeneralMatrixTile.ROWS;
import static org.sepconv.cpu.tile.GeneralMatrixTile.VECTORS;
import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/** Emits the {@link GeneralMatrixTile}: as {@link MatrixTileEmitter}, but nothing is a literal. */
final class GeneralMatrixTileEmitter {

  /** Everything that the code depends on. */
  record Description(int bits) {
    String className() {
      return "GeneralMatrixTile_v" + bits / Float.SIZE;
    }
  }

  private final Description tile;

  GeneralMatrixTileEmitter(Description tile) {
    this.tile = tile;
  }

  GeneralMatrixTile emit() {
    int needed = new MatrixTileShape(ROWS, VECTORS).registers();
    Registers.require(tile.className(), tile.bits, needed);
    return Emission.newTile(GeneralMatrixTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int[] sums = locals(code, ROWS * VECTORS);
    each(sums.length, i -> code.zero(sums[i]));
    int[] rows = new int[ROWS];
    Index first = emission.value("firstPlace");
    int places = emission.parameter("places");
    each(
        ROWS,
        r -> {
          rows[r] = code.intLocal();
          code.set(rows[r], code.element(places, code.plus(first, r)));
        });
    products(emission, sums, rows);
    int x = code.vectorLocal();
    code.ifLess(
        code.constant(0),
        emission.value("added"),
        () ->
            each(
                sums.length,
                i -> {
                  code.load(x, emission.parameter("addend"), place(emission, "addendOffset", i));
                  code.add(sums[i], x, sums[i]);
                }));
    code.ifLess(
        code.constant(0),
        emission.value("biased"),
        () -> {
          for (int v = 0; v < VECTORS; v++) {
            Index at = emission.value("biasOffset");
            Index second = code.plus(at, code.times(emission.value("second"), v));
            code.load(x, emission.parameter("bias"), second);
            for (int r = 0; r < ROWS; r++) {
              code.add(sums[r * VECTORS + v], x, sums[r * VECTORS + v]);
            }
          }
        });
    code.ifLess(
        code.constant(0), emission.value("hardSwish"), () -> emission.activation().hardSwish(sums));
    emission.activation().bound(sums, emission.parameter("min"), emission.parameter("max"));
    each(
        sums.length,
        i -> code.store(sums[i], emission.parameter("out"), place(emission, "outOffset", i)));
  }

  private static int[] locals(VectorCode code, int count) {
    int[] locals = new int[count];
    each(count, i -> locals[i] = code.vectorLocal());
    return locals;
  }

  /** Where sum i goes, or what is added to it comes from. */
  private static Index place(Emission emission, String offset, int i) {
    VectorCode code = emission.vectors();
    Index entry = code.plus(emission.value("firstPlace"), ROWS + i / VECTORS);
    Index row = code.element(emission.parameter("places"), entry);
    Index vector = code.times(emission.value("vectorStep"), i % VECTORS);
    return code.plus(code.plus(emission.value(offset), row), vector);
  }

  private void products(Emission emission, int[] sums, int[] rows) {
    VectorCode code = emission.vectors();
    int between = new MatrixTileShape(ROWS, VECTORS).rowsBetweenFences(tile.bits, true);
    int panel = emission.parameter("panel");
    int at = emission.parameter("panelOffset");
    int start = code.intLocal();
    int end = code.intLocal();
    int k = code.intLocal();
    int[] b = locals(code, VECTORS);
    int x = code.vectorLocal();
    Runnable step =
        () -> {
          each(
              VECTORS,
              v ->
                  code.load(
                      b[v],
                      panel,
                      code.plus(code.local(at), code.times(emission.value("second"), v))));
          code.increment(at, emission.value("panelStep"));
          for (int r = 0; r < ROWS; r++) {
            if (r > 0 && r % between == 0) {
              emission.fence();
            }
            code.broadcast(
                x, emission.parameter("a"), code.plus(code.local(k), code.local(rows[r])));
            for (int v = 0; v < VECTORS; v++) {
              code.multiplyAdd(x, b[v], sums[r * VECTORS + v]);
            }
          }
        };
    MatrixTileEmitter.eachTap(
        emission,
        start,
        () -> {
          code.set(end, code.plus(code.local(start), emission.value("depth")));
          code.loop(k, code.local(start), code.local(end), 1, step);
        });
  }
}
