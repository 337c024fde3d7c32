package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.GeneralDepthwiseTile.PIXELS;
import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits the {@link GeneralDepthwiseTile}.
 *
 * <pre>
 *   for each block of channels: for each row: for each tile:
 *     for each filter row i: for each filter column j:
 *       for each pixel p: sum[p] = src[p][i][j] * weight[i][j] + sum[p]
 *     add the bias and the residual, clamp, store
 * </pre>
 */
final class GeneralDepthwiseTileEmitter {

  /** Everything that the code depends on. */
  record Description(int bits) {
    String className() {
      return "GeneralDepthwiseTile_v" + bits / Float.SIZE;
    }
  }

  private final Description tile;
  private final int lanes;
  private final int[] sums = new int[PIXELS];

  /** Input column that the first filter column of each pixel meets. */
  private final int[] columns = new int[PIXELS];

  /** Which pixel of the row each is. */
  private final int[] places = new int[PIXELS];

  // What body() begins with.
  @SuppressWarnings("NullAway.Init")
  private Emission emission;

  @SuppressWarnings("NullAway.Init")
  private VectorCode code;

  private int source;
  private int weight;
  private int tap;
  private int zeros;
  private int index;
  private int x;
  private int w;

  GeneralDepthwiseTileEmitter(Description tile) {
    this.tile = tile;
    this.lanes = tile.bits / Float.SIZE;
  }

  GeneralDepthwiseTile emit() {
    return Emission.newTile(GeneralDepthwiseTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission given) {
    emission = given;
    code = given.vectors();
    each(
        PIXELS,
        p -> {
          sums[p] = code.vectorLocal();
          columns[p] = code.intLocal();
          places[p] = code.intLocal();
        });
    source = given.parameter("srcOffset");
    weight = given.parameter("weightOffset");
    tap = code.intLocal();
    zeros = code.intLocal();
    index = code.intLocal();
    x = code.vectorLocal();
    w = code.vectorLocal();
    int target = given.parameter("outOffset");
    int rowStart = code.intLocal();
    int rowTarget = code.intLocal();
    Index rowStep = given.value("kernelRows");
    code.loop(
        code.intLocal(),
        code.constant(0),
        given.value("blocks"),
        1,
        () -> {
          code.set(rowStart, given.value("firstRowStart"));
          code.set(rowTarget, code.local(target));
          // The row of zeros lies before the first pixel of the plane.
          Index row = code.product(given.value("width"), given.value("srcPixelStep"));
          code.set(zeros, code.minus(code.local(source), row));
          code.loop(
              code.intLocal(),
              code.constant(0),
              given.value("rows"),
              1,
              () -> {
                row(rowStart, rowTarget);
                code.increment(rowStart, rowStep);
                code.increment(rowTarget, given.value("outRowStep"));
              });
          Index taps = code.product(given.value("kernelRows"), given.value("kernelColumns"));
          code.increment(weight, code.times(code.plus(taps, 1), lanes));
          code.increment(source, given.value("srcBlockStep"));
          code.increment(target, given.value("outBlockStep"));
        });
  }

  private void row(int rowStart, int rowTarget) {
    int pixel = code.intLocal();
    int last = code.intLocal();
    code.set(last, code.plus(emission.value("pixels"), -1));
    code.loop(
        pixel,
        code.constant(0),
        emission.value("pixels"),
        PIXELS,
        () -> {
          for (int p = 0; p < PIXELS; p++) {
            int place = places[p];
            code.set(place, code.plus(code.local(pixel), p));
            code.ifLess(
                code.local(last), code.local(place), () -> code.set(place, code.local(last)));
            Index step = code.product(code.local(place), emission.value("columnStep"));
            code.set(columns[p], code.plus(emission.value("column"), step));
            code.zero(sums[p]);
          }
          products(rowStart);
          finish(rowTarget);
        });
  }

  private void products(int rowStart) {
    int start = code.intLocal();
    int i = code.intLocal();
    int j = code.intLocal();
    int shift = code.intLocal();
    code.set(tap, code.local(weight));
    Runnable column =
        () -> {
          code.load(w, emission.parameter("weights"), code.local(tap));
          code.increment(tap, code.constant(lanes));
          for (int p = 0; p < PIXELS; p++) {
            multiplyAdd(p, start, shift);
          }
          code.increment(shift, emission.value("dilation"));
        };
    code.loop(
        i,
        code.constant(0),
        emission.value("kernelRows"),
        1,
        () -> {
          Index entry = code.plus(code.local(rowStart), code.local(i));
          Index offset = code.element(emission.parameter("rowStarts"), entry);
          code.set(start, code.plus(code.local(source), offset));
          code.set(shift, code.constant(0));
          code.loop(j, code.constant(0), emission.value("kernelColumns"), 1, column);
        });
  }

  private void multiplyAdd(int p, int start, int shift) {
    Index from = code.plus(code.local(columns[p]), code.local(shift));
    Index inside = code.plus(code.local(start), code.product(from, emission.value("srcPixelStep")));
    code.set(index, code.local(zeros));
    code.ifLess(
        code.constant(-1),
        from,
        () -> code.ifLess(from, emission.value("width"), () -> code.set(index, inside)));
    code.load(x, emission.parameter("src"), code.local(index));
    code.multiplyAdd(x, w, sums[p]);
  }

  private void finish(int rowTarget) {
    code.load(w, emission.parameter("weights"), code.local(tap));
    each(PIXELS, p -> code.add(sums[p], w, sums[p]));
    each(
        PIXELS,
        p -> {
          Index at = code.product(code.local(places[p]), emission.value("outPixelStep"));
          code.set(places[p], code.plus(code.local(rowTarget), at));
        });
    code.ifLess(
        code.constant(0),
        emission.value("added"),
        () ->
            each(
                PIXELS,
                p -> {
                  Index at = code.plus(code.local(places[p]), emission.value("residualShift"));
                  code.load(x, emission.parameter("residual"), at);
                  code.add(sums[p], x, sums[p]);
                }));
    code.ifLess(
        code.constant(0), emission.value("hardSwish"), () -> emission.activation().hardSwish(sums));
    emission.activation().bound(sums, emission.parameter("min"), emission.parameter("max"));
    each(PIXELS, p -> code.store(sums[p], emission.parameter("out"), code.local(places[p])));
  }
}
