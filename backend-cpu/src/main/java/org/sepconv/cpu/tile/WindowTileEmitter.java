package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits a {@link WindowTile}.
 *
 * <pre>
 *   for each tile:
 *     sum[p] = 0
 *     for each run r: for each step t:
 *       w = weights[r][t]
 *       for each pixel p: sum[p] = src[p][r][t] * w + sum[p]
 *     add the bias and the residual, clamp, store
 * </pre>
 *
 * <p>Each input vector is used once, so that the multiply-add reads it from memory: no register for
 * it, and two loads a cycle are as many as there are multiply-adds.
 */
public final class WindowTileEmitter {

  /**
   * Pixels of a tile, and how far things lie apart.
   *
   * @param pixel neighbouring pixels of the output, in the source
   * @param step neighbouring steps of a run, in the source
   * @param target neighbouring pixels of the output
   */
  public record Distances(int pixels, int pixel, int step, int target) {
    @Override
    public String toString() {
      return "%dp_%d_%d_%d".formatted(pixels, pixel, step, target);
    }
  }

  /** Everything that the code depends on. */
  record Description(int bits, Distances distances, boolean masked, boolean residual, Clamp clamp) {
    String className() {
      return "WindowTile_v%d%s%s_%s_%08x"
          .formatted(
              bits / Float.SIZE,
              masked ? "m" : "",
              residual ? "r" : "",
              distances,
              clamp.hashCode());
    }
  }

  private final Description tile;
  private final Distances distances;
  private final int lanes;

  WindowTileEmitter(Description tile) {
    this.tile = tile;
    this.distances = tile.distances;
    this.lanes = tile.bits / Float.SIZE;
  }

  WindowTile emit() {
    return Emission.newTile(WindowTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int mask = code.vectorLocal();
    if (tile.masked) {
      code.firstLanes(mask, emission.value("tail"));
    }
    int[] sums = new int[distances.pixels];
    each(sums.length, p -> sums[p] = code.vectorLocal());
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("tiles"),
        1,
        () -> {
          each(sums.length, p -> code.zero(sums[p]));
          products(emission, sums);
          finish(emission, sums, mask);
          code.increment(
              emission.parameter("srcOffset"), code.constant(distances.pixels * distances.pixel));
          code.increment(
              emission.parameter("outOffset"), code.constant(distances.pixels * distances.target));
        });
  }

  private void products(Emission emission, int[] sums) {
    RunWalk.emit(emission, lanes, (start, weight) -> run(emission, start, weight, sums));
  }

  private void run(Emission emission, Index start, Index weight, int[] sums) {
    VectorCode code = emission.vectors();
    int t = code.intLocal();
    int w = code.vectorLocal();
    int x = code.vectorLocal();
    code.loop(
        t,
        code.constant(0),
        emission.value("depth"),
        1,
        () -> {
          Index at = code.plus(start, code.times(code.local(t), distances.step));
          Index of = code.plus(weight, code.times(code.local(t), lanes));
          code.load(w, emission.parameter("weights"), of);
          each(
              sums.length,
              p -> {
                code.load(x, emission.parameter("src"), code.plus(at, p * distances.pixel));
                code.multiplyAdd(w, x, sums[p]);
              });
        });
  }

  /** The bias last: with it as the first value of each sum, C2 spills sums in the loops. */
  private void finish(Emission emission, int[] sums, int mask) {
    VectorCode code = emission.vectors();
    int x = code.vectorLocal();
    int out = emission.parameter("out");
    code.load(x, emission.parameter("weights"), emission.value("biasOffset"));
    each(sums.length, p -> code.add(sums[p], x, sums[p]));
    if (tile.residual) {
      each(
          sums.length,
          p -> {
            code.load(
                x,
                emission.parameter("residual"),
                code.plus(place(emission, p), emission.value("residualShift")));
            code.add(sums[p], x, sums[p]);
          });
    }
    code.clamp(sums, tile.clamp);
    each(
        sums.length,
        p -> {
          if (tile.masked) {
            code.store(sums[p], out, place(emission, p), mask);
          } else {
            code.store(sums[p], out, place(emission, p));
          }
        });
  }

  /** Where pixel p goes. */
  private Index place(Emission emission, int p) {
    return emission.vectors().plus(emission.value("outOffset"), p * distances.target);
  }
}
