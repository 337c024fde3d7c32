package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits a {@link PlanarTile}.
 *
 * <pre>
 *   for each tile:
 *     sum[o][v] = 0
 *     for each run r: for each step t:
 *       for each output o: w[o] = broadcast weights[r][t][o]
 *       for each vector v: x = src[r][t][v];  sum[o][v] = x * w[o] + sum[o][v]
 *     add the bias, clamp, store
 * </pre>
 */
public final class PlanarTileEmitter {

  /**
   * What the code depends on, beside vectors and clamp.
   *
   * @param vectors of neighbouring pixels
   * @param step distance between the steps of a run
   * @param unrolled steps of every run, one after the other in the code; 0 for any number, in a
   *     loop
   */
  public record Shape(int outputs, int vectors, int step, int unrolled) {

    /**
     * As many vectors as registers allow: one for each sum, weight and input. Of a single output,
     * whose multiply-adds read the input from memory, a few steps are unrolled: each has a weight.
     *
     * @param depth steps of a run
     */
    public static Shape of(int outputs, int step, int depth, int bits) {
      int registers = Registers.usable(bits);
      int vectors = (registers - outputs) / (outputs + 1);
      boolean few = outputs == 1 && depth <= registers - vectors;
      return new Shape(outputs, vectors, step, few ? depth : 0);
    }

    /** How many registers the code needs: sums, weights, and what several outputs meet. */
    int registers() {
      int weights = outputs * Math.max(1, unrolled);
      return outputs * vectors + weights + (outputs > 1 ? vectors : 0);
    }
  }

  /** Everything that the code depends on. */
  record Description(int bits, Shape shape, Clamp clamp) {
    String className() {
      return "PlanarTile_v%d_%dx%d_%d_%d_%08x"
          .formatted(
              bits / Float.SIZE,
              shape.outputs,
              shape.vectors,
              shape.step,
              shape.unrolled,
              clamp.hashCode());
    }
  }

  private final Description tile;
  private final Shape shape;
  private final int lanes;

  PlanarTileEmitter(Description tile) {
    this.tile = tile;
    this.shape = tile.shape;
    this.lanes = tile.bits / Float.SIZE;
  }

  PlanarTile emit() {
    Registers.require(tile.className(), tile.bits, shape.registers());
    return Emission.newTile(PlanarTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int[] sums = new int[shape.outputs * shape.vectors];
    each(sums.length, i -> sums[i] = code.vectorLocal());
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("tiles"),
        1,
        () -> {
          each(sums.length, i -> code.zero(sums[i]));
          products(emission, sums);
          finish(emission, sums);
          Index next = code.constant(shape.vectors * lanes);
          code.increment(emission.parameter("srcOffset"), next);
          code.increment(emission.parameter("outOffset"), next);
        });
  }

  private void products(Emission emission, int[] sums) {
    RunWalk.emit(emission, shape.outputs, 0, (start, weight) -> run(emission, start, weight, sums));
  }

  private void run(Emission emission, Index start, Index weight, int[] sums) {
    VectorCode code = emission.vectors();
    if (shape.unrolled > 0) {
      each(
          shape.unrolled,
          k ->
              step(
                  emission,
                  code.plus(start, k * shape.step),
                  code.plus(weight, k * shape.outputs),
                  sums));
      return;
    }
    int t = code.intLocal();
    Index at = code.plus(start, code.times(code.local(t), shape.step));
    Index of = code.plus(weight, code.times(code.local(t), shape.outputs));
    code.loop(t, code.constant(0), emission.value("depth"), 1, () -> step(emission, at, of, sums));
  }

  /** One step of a run: its input at {@code at}, its weights at {@code of}. */
  private void step(Emission emission, Index at, Index of, int[] sums) {
    VectorCode code = emission.vectors();
    int[] w = new int[shape.outputs];
    each(
        w.length,
        o -> {
          w[o] = code.vectorLocal();
          code.broadcast(w[o], emission.parameter("weights"), code.plus(of, o));
        });
    int x = code.vectorLocal();
    each(
        shape.vectors,
        v -> {
          if (shape.outputs > 1 && v == shape.vectors - 1) {
            emission.fence(); // as in MatrixTileEmitter
          }
          code.load(x, emission.parameter("src"), code.plus(at, v * lanes));
          each(w.length, o -> code.multiplyAdd(x, w[o], sums[o * shape.vectors + v]));
        });
  }

  /** The bias last: with it as the first value of each sum, C2 spills sums in the loops. */
  private void finish(Emission emission, int[] sums) {
    VectorCode code = emission.vectors();
    int x = code.vectorLocal();
    each(
        shape.outputs,
        o -> {
          Index bias = code.plus(emission.value("biasOffset"), o);
          code.broadcast(x, emission.parameter("weights"), bias);
          each(
              shape.vectors,
              v -> code.add(sums[o * shape.vectors + v], x, sums[o * shape.vectors + v]));
        });
    emission.activation().apply(sums, tile.clamp);
    each(
        sums.length,
        i -> {
          Index plane = code.times(emission.value("outStep"), i / shape.vectors);
          Index at = code.plus(emission.value("outOffset"), i % shape.vectors * lanes);
          code.store(sums[i], emission.parameter("out"), code.plus(at, plane));
        });
  }
}
