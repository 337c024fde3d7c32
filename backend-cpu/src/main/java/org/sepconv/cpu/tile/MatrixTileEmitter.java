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
 *       after some rows: a fence                  no instruction
 *     in each iteration several k, with a fence between them
 *   add the bias to those of the first part, and the residual or what the output has from the parts
 *   before; after the last one clamp; store
 * </pre>
 *
 * <p>C2 moves loads of a loop's body up as far as it may, so without fences all broadcasts of a
 * tile need a register each, and a sum that finds none lives on the stack: a third of the speed.
 * Loads do not pass a memory fence ({@link Emission#fence}).
 *
 * <p>What is not a load or a multiply-add counts too: counters and checks of indexes take time from
 * them where another program runs on the core's other hardware thread. So an iteration has several
 * k. Registers of other kinds run out as well: values that are needed after the loop take some in
 * it.
 */
public final class MatrixTileEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param rows where the rows lie in the input: constants, so that each broadcast is one
   *     instruction with a constant offset, and C2 joins the range checks
   * @param steps products of a sum in each iteration of the innermost loop; they divide the depth
   * @param taps whether there are several: with one there is no loop over them
   * @param masked whether the last vector is stored in part
   * @param outStride the distance between the rows of the tile in the output
   */
  record Description(
      int bits,
      TileRows rows,
      int vectors,
      int steps,
      boolean taps,
      boolean masked,
      int outStride,
      Part part,
      Clamp clamp) {
    /** Whether activations are bounds of bits, and the tile may lose what is NaN. */
    boolean boundsBits() {
      return part.clamp && !part.addend && !masked && clamp.boundsBits(bits);
    }

    String className() {
      return "MatrixTile_%dx%dv%dk%d%s%s_%s_%d_%s_%08x"
          .formatted(
              rows.count(),
              vectors,
              bits / Float.SIZE,
              steps,
              taps ? "t" : "",
              masked ? "m" : "",
              rows,
              outStride,
              part,
              clamp.hashCode());
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

  /**
   * Whether the innermost loop counts the weights and not the input. C2 checks the first and the
   * last index of what lies at a constant distance for each step of the counter before the loop:
   * those of the weights it can check before the loop over tiles, those of the input, which are
   * more, not. For what has another counter it has two checks in each iteration.
   */
  private final boolean countsWeights;

  MatrixTileEmitter(Description tile) {
    this.tile = tile;
    this.rows = tile.rows.count();
    this.lanes = tile.bits / Float.SIZE;
    this.countsWeights = tile.bits < 512 || tile.vectors > 2;
    this.rowsBetweenFences =
        new MatrixTileShape(rows, tile.vectors).rowsBetweenFences(tile.bits, tile.taps);
  }

  /**
   * Whether the code for vectors of this length has a loop over tiles, which saves 3 to 6 % of the
   * time where there are few channels. With 512 bits C2 spills sums in it.
   */
  public static boolean loops(int bits) {
    return bits < 512;
  }

  MatrixTile emit() {
    int needed = new MatrixTileShape(rows, tile.vectors).registers();
    Registers.require(tile.className(), tile.bits, needed);
    return Emission.newTile(MatrixTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    code.idle(emission.value("idle"));
    ActivationCode activation = emission.activation(tile.boundsBits());
    emission.result(activation.lost());
    int end = code.intLocal();
    if (!tile.taps) {
      // Before the loop over tiles, which has too few registers as it is.
      Index only = code.element(emission.parameter("taps"), code.constant(0));
      code.increment(emission.parameter("aOffset"), only);
      code.set(end, end(emission, emission.value("aOffset"), emission.value("panelOffset")));
    }
    if (!loops(tile.bits)) {
      one(emission, activation, end);
      return;
    }
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("tiles"),
        1,
        () -> {
          one(emission, activation, end);
          code.increment(emission.parameter("aOffset"), code.constant(tile.rows.next()));
          code.increment(emission.parameter("addendOffset"), code.constant(rows * tile.outStride));
          code.increment(emission.parameter("outOffset"), code.constant(rows * tile.outStride));
        });
  }

  /** Where the counter of the innermost loop ends, of a tap that begins there. */
  private Index end(Emission emission, Index start, Index panel) {
    VectorCode code = emission.vectors();
    Index depth = emission.value("depth");
    return countsWeights
        ? code.plus(panel, code.times(depth, tile.vectors * lanes))
        : code.plus(start, depth);
  }

  private void one(Emission emission, ActivationCode activation, int end) {
    VectorCode code = emission.vectors();
    int[] sums = new int[rows * tile.vectors];
    each(sums.length, i -> sums[i] = code.vectorLocal());
    each(sums.length, i -> code.zero(sums[i]));
    int[] b = new int[tile.vectors];
    each(b.length, v -> b[v] = code.vectorLocal());
    int x = code.vectorLocal();
    products(emission, sums, b, x, end);

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
            Index at = code.plus(emission.value("biasOffset"), v * lanes);
            code.load(b[v], emission.parameter("bias"), at);
            each(
                rows,
                r -> {
                  int sum = sums[r * tile.vectors + v];
                  code.add(sum, b[v], sum);
                });
          }
        });
    if (tile.part.clamp) {
      activation.bound(sums, tile.clamp);
    }
    store(emission, sums);
  }

  /** Adds all products to the sums. */
  private void products(Emission emission, int[] sums, int[] b, int x, int end) {
    VectorCode code = emission.vectors();
    int start = code.intLocal();
    int panel = code.intLocal();
    int weights = tile.steps * tile.vectors * lanes;
    int counter = countsWeights ? panel : start;
    int other = countsWeights ? start : panel;
    Runnable ofTap =
        () ->
            code.loop(
                counter,
                code.local(counter),
                code.local(end),
                countsWeights ? weights : tile.steps,
                () -> {
                  each(tile.steps, step -> step(emission, sums, b, x, panel, start, step));
                  code.increment(other, code.constant(countsWeights ? tile.steps : weights));
                });
    code.set(panel, emission.value("panelOffset"));
    if (!tile.taps) {
      code.set(start, emission.value("aOffset"));
      ofTap.run();
      return;
    }
    eachTap(
        emission,
        start,
        () -> {
          code.set(end, end(emission, code.local(start), code.local(panel)));
          ofTap.run();
        });
  }

  /**
   * A loop over parameter {@code taps}.
   *
   * @param start the local that a tap's first input goes to
   */
  static void eachTap(Emission emission, int start, Runnable body) {
    VectorCode code = emission.vectors();
    int taps = emission.parameter("taps");
    int tap = code.intLocal();
    code.loop(
        tap,
        code.constant(0),
        code.arrayLength(taps),
        1,
        () -> {
          Index offset = code.element(taps, code.local(tap));
          code.set(start, code.plus(emission.value("aOffset"), offset));
          body.run();
        });
  }

  /**
   * A product of each sum.
   *
   * @param panel where the weights of the iteration begin
   * @param start where the values of the first row begin
   * @param step how many products come before
   */
  private void step(Emission emission, int[] sums, int[] b, int x, int panel, int start, int step) {
    VectorCode code = emission.vectors();
    if (step > 0) {
      emission.fence();
    }
    each(
        tile.vectors,
        v -> {
          Index at = code.plus(code.local(panel), (step * tile.vectors + v) * lanes);
          code.load(b[v], emission.parameter("panel"), at);
        });
    each(
        rows,
        r -> {
          if (r > 0 && r % rowsBetweenFences == 0) {
            emission.fence();
          }
          Index at = code.plus(code.local(start), tile.rows.offset(r) + step);
          code.broadcast(x, emission.parameter("a"), at);
          each(tile.vectors, v -> code.multiplyAdd(x, b[v], sums[r * tile.vectors + v]));
        });
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
    ActivationCode.HardSwish hardSwish =
        emission.activation().hardSwish(emission.parameter("bias"), constants);
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
                  hardSwish.apply(x);
                  store(emission, x, v, mask, at);
                }));
  }
}
