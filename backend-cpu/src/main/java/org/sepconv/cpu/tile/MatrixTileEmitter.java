package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits a {@link MatrixTile}.
 *
 * <pre>
 *   sum[r][v] = 0
 *   for each tap: for each k:
 *     b[v] = panel (vectors side by side)         vectors loads
 *     for each row r: x = broadcast a[r][k]       one load
 *       sum[r][v] = x * b[v] + sum[r][v]          vectors multiply-adds
 *       after some rows: fence = sum[r][v]        one store
 *     in each iteration several k, with a fence between them
 *   add the bias to those of the first part, and the residual or what the output has from the parts
 *   before; after the last one clamp; store
 * </pre>
 *
 * <p>C2 moves every load of a loop's body that no store stands before to its top, so without fences
 * all broadcasts of a tile need a register each, and a sum that finds none lives on the stack: a
 * third of the speed. Loads do not pass a store that may be to their array.
 *
 * <p>What is not a load or a multiply-add counts too: with one k in each iteration, 28 instructions
 * go with 10 multiply-adds, nearly all that a core can issue in their time, and more than it can
 * while another program runs on its other hardware thread.
 */
public final class MatrixTileEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param rows where the rows lie in the input: constants, so that each broadcast is one
   *     instruction with a constant offset, and C2 joins the range checks
   * @param steps how the innermost loop goes
   * @param masked whether the last vector is stored in part
   * @param outStride the distance between the rows of the tile in the output
   */
  record Description(
      int bits,
      TileRows rows,
      int vectors,
      Steps steps,
      boolean masked,
      int outStride,
      Part part,
      Clamp clamp) {
    String className() {
      return "MatrixTile_%dx%dv%d%s%s_%s_%d_%s_%08x"
          .formatted(
              rows.count(),
              vectors,
              bits / Float.SIZE,
              steps,
              masked ? "m" : "",
              rows,
              outStride,
              part,
              clamp.hashCode());
    }
  }

  /**
   * How the innermost loop goes.
   *
   * @param count products of a sum in each iteration; they divide the depth
   * @param checking whether each iteration checks its indexes: four checks. Otherwise C2 checks the
   *     first and the last index of each load before the loop, which takes as long as the
   *     multiply-adds of a depth of some 60
   */
  record Steps(int count, boolean checking) {
    static final Steps ONE = new Steps(1, false);

    /** {@code k4c}; empty for one. */
    @Override
    public String toString() {
      return (count == 1 ? "" : "k" + count) + (checking ? "c" : "");
    }
  }

  /**
   * What becomes of the sums of a part of the products.
   *
   * @param bias whether they begin with the bias
   * @param addend whether something is added: a residual, or the sums of the parts before
   * @param clamp whether they are complete
   */
  public record Part(boolean bias, boolean addend, boolean clamp) {

    /**
     * Part {@code index} of {@code count}.
     *
     * @param residual whether the first part adds a residual; it must be the first, for the output,
     *     which holds the sums from then on, may be the residual
     */
    public static Part of(int index, int count, boolean residual) {
      return new Part(index == 0, index > 0 || residual, index == count - 1);
    }

    /** {@code bac}: the first letters of what is done. */
    @Override
    public String toString() {
      return (bias ? "b" : "") + (addend ? "a" : "") + (clamp ? "c" : "");
    }
  }

  private final Description tile;
  private final int rows;

  /** After so many rows comes a fence. */
  private final int rowsBetweenFences;

  private final int lanes;

  MatrixTileEmitter(Description tile) {
    this.tile = tile;
    this.rows = tile.rows.count();
    this.lanes = tile.bits / Float.SIZE;
    this.rowsBetweenFences = new MatrixTileShape(rows, tile.vectors).rowsBetweenFences(tile.bits);
  }

  /**
   * Whether the code for vectors of this length has a loop over tiles, which saves 3 to 6 % of the
   * time where there are few channels. With 512 bits C2 spills sums in it.
   */
  public static boolean loops(int bits) {
    return bits < 512;
  }

  MatrixTile emit() {
    int needed = new MatrixTileShape(rows, tile.vectors).registers(tile.bits);
    Registers.require(tile.className(), tile.bits, needed);
    return Emission.newTile(MatrixTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    if (!loops(tile.bits)) {
      one(emission);
      return;
    }
    VectorCode code = emission.vectors();
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("tiles"),
        1,
        () -> {
          one(emission);
          code.increment(emission.parameter("aOffset"), code.constant(tile.rows.next()));
          code.increment(emission.parameter("addendOffset"), code.constant(rows * tile.outStride));
          code.increment(emission.parameter("outOffset"), code.constant(rows * tile.outStride));
        });
  }

  private void one(Emission emission) {
    VectorCode code = emission.vectors();
    int taps = emission.parameter("taps");
    Index depth = emission.value("depth");
    int panelOffset = code.intLocal();
    code.set(panelOffset, emission.value("panelOffset"));
    int bias = emission.parameter("bias");
    Index biasOffset = emission.value("biasOffset");

    Index aOffset = emission.value("aOffset");
    int[] sums = new int[rows * tile.vectors];
    each(sums.length, i -> sums[i] = code.vectorLocal());
    each(sums.length, i -> code.zero(sums[i]));
    int tap = code.intLocal();
    int start = code.intLocal();
    int end = code.intLocal();
    int[] b = new int[tile.vectors];
    each(b.length, v -> b[v] = code.vectorLocal());
    int x = code.vectorLocal();
    code.loop(
        tap,
        code.constant(0),
        code.arrayLength(taps),
        1,
        () -> {
          code.set(start, code.plus(aOffset, code.element(taps, code.local(tap))));
          code.set(end, code.plus(code.local(start), depth));
          Runnable steps =
              () -> {
                each(
                    tile.steps.count, step -> step(emission, sums, b, x, panelOffset, start, step));
                code.increment(panelOffset, code.constant(tile.steps.count * tile.vectors * lanes));
              };
          if (tile.steps.checking) {
            code.loopUntil(start, code.local(end), tile.steps.count, steps);
          } else {
            code.loop(start, code.local(start), code.local(end), tile.steps.count, steps);
          }
        });

    // What is added comes after the loop, and always something is: with it as the first value of
    // each sum, or with nothing to add, C2 spills sums in the loop, and the speed falls to half.
    each(
        tile.vectors,
        v -> {
          if (tile.part.addend) {
            each(
                rows,
                r -> {
                  int sum = sums[r * tile.vectors + v];
                  code.load(x, emission.parameter("addend"), index(emission, "addendOffset", r, v));
                  code.add(sum, x, sum);
                });
          }
          if (tile.part.bias) {
            code.load(b[v], bias, code.plus(biasOffset, v * lanes));
            each(
                rows,
                r -> {
                  int sum = sums[r * tile.vectors + v];
                  code.add(sum, b[v], sum);
                });
          }
        });
    if (tile.part.clamp) {
      code.bound(sums, tile.clamp);
    }
    store(emission, sums);
  }

  /**
   * A product of each sum.
   *
   * @param k the first of the iteration, from where the values of the first row begin
   * @param step how many come before
   */
  private void step(
      Emission emission, int[] sums, int[] b, int x, int panelOffset, int k, int step) {
    VectorCode code = emission.vectors();
    if (step > 0) {
      fence(emission, sums[sums.length - 1]);
    }
    each(
        tile.vectors,
        v -> {
          Index at = code.plus(code.local(panelOffset), (step * tile.vectors + v) * lanes);
          code.load(b[v], emission.parameter("panel"), at);
        });
    each(
        rows,
        r -> {
          if (r > 0 && r % rowsBetweenFences == 0) {
            fence(emission, sums[r * tile.vectors - 1]);
          }
          Index at = code.plus(code.local(k), tile.rows.offset(r) + step);
          code.broadcast(x, emission.parameter("a"), at);
          each(tile.vectors, v -> code.multiplyAdd(x, b[v], sums[r * tile.vectors + v]));
        });
  }

  private static void fence(Emission emission, int sum) {
    VectorCode code = emission.vectors();
    code.store(sum, emission.parameter("fence"), code.constant(Fence.PLACE));
  }

  /** Where vector v of row r goes, or what is added to it comes from. */
  private Index index(Emission emission, String offset, int r, int v) {
    VectorCode code = emission.vectors();
    Index vector = code.times(emission.value("vectorStep"), v);
    return code.plus(code.plus(emission.value(offset), vector), r * tile.outStride);
  }

  private void store(Emission emission, int[] sums) {
    VectorCode code = emission.vectors();
    int mask = code.vectorLocal();
    if (tile.masked) {
      code.firstLanes(mask, emission.value("tail"));
    }
    for (int v = 0; v < tile.vectors; v++) {
      for (int r = 0; r < rows; r++) {
        store(emission, sums[r * tile.vectors + v], v, mask, index(emission, "outOffset", r, v));
      }
    }
    if (tile.part.clamp && tile.clamp.hardSwish()) {
      hardSwish(emission, mask);
    }
  }

  private void store(Emission emission, int sum, int v, int mask, Index at) {
    VectorCode code = emission.vectors();
    int out = emission.parameter("out");
    if (tile.masked && v == tile.vectors - 1) {
      code.store(sum, out, at, mask);
    } else {
      code.store(sum, out, at);
    }
  }

  /**
   * Replaces what was stored by its hard-swish, row by row. In place of the sums it would be there
   * once for each of them: code of which C1 makes none, and then, where C2 had much to do, the JVM
   * never asks C2. The stores before keep the constants from being loaded before the sums are done,
   * into registers that these need.
   */
  private void hardSwish(Emission emission, int mask) {
    VectorCode code = emission.vectors();
    Index constants = code.plus(emission.value("biasOffset"), tile.vectors * lanes);
    VectorCode.HardSwish activation = code.hardSwish(emission.parameter("bias"), constants);
    int x = code.vectorLocal();
    int row = code.intLocal();
    code.set(row, emission.value("outOffset"));
    code.loopUntil(
        row,
        code.plus(emission.value("outOffset"), rows * tile.outStride),
        tile.outStride,
        () ->
            each(
                tile.vectors,
                v -> {
                  Index step = code.times(emission.value("vectorStep"), v);
                  Index at = code.plus(code.local(row), step);
                  code.load(x, emission.parameter("out"), at);
                  activation.apply(x);
                  store(emission, x, v, mask, at);
                }));
  }
}
