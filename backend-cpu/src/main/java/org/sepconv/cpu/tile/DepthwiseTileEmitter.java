package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits a {@link DepthwiseTile}.
 *
 * <pre>
 *   for each block of channels: for each row: for each tile:
 *     sum[p] = 0
 *     for each filter row i: for each filter column j:
 *       for each pixel p: sum[p] = src[p][i][j] * weight[i][j] + sum[p]
 *     add the bias and the residual, clamp, store
 * </pre>
 *
 * <p>An input vector that several pixels of the tile meet is loaded once: with 3 x 3, stride 1 and
 * 7 pixels, 27 loads for 63 multiply-adds. Few taps are unrolled and their weights kept in
 * registers; with more there is a loop over the filter rows.
 */
public final class DepthwiseTileEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param pixels pixels of a tile
   * @param sourceStride distance between neighbouring pixels of the input
   * @param spread whether an input channel makes several output channels, side by side
   * @param masked whether each pixel is stored in part
   * @param residual whether a residual is added
   */
  record Description(
      int bits,
      int pixels,
      Taps taps,
      int sourceStride,
      boolean spread,
      boolean masked,
      boolean residual,
      Clamp clamp) {
    /**
     * How many registers the code needs: for the sums, an input value and a weight. Weights have
     * registers as far as there are some, and come from the stack, as they would from memory, where
     * a filter has more columns.
     */
    int registers() {
      return pixels + 2;
    }

    /** Whether the general tile computes the same. */
    boolean isGeneral() {
      return !masked && !spread && taps.from == 0 && taps.to == taps.columns;
    }

    /** Whether activations are bounds of bits, and the tile may lose what is NaN. */
    boolean boundsBits() {
      return isGeneral() && !residual && clamp.boundsBits(bits);
    }

    String className() {
      return "DepthwiseTile_%dpv%d%s%s%s_%s_%d_%08x"
          .formatted(
              pixels,
              bits / Float.SIZE,
              masked ? "m" : "",
              spread ? "s" : "",
              residual ? "r" : "",
              taps.name(),
              sourceStride,
              clamp.hashCode());
    }
  }

  /**
   * Filter rows and columns, horizontal stride and dilation, and which columns may be padding.
   *
   * @param left input columns of a tile that may lie before the first column of the input
   * @param right input columns at the end of a tile that may lie past the last column
   * @param always whether they always do: then they are left out
   * @param from the first filter column that meets the input at all
   * @param to one past the last
   */
  public record Taps(
      int rows,
      int columns,
      int stride,
      int dilation,
      int left,
      int right,
      boolean always,
      int from,
      int to) {

    /** All filter columns, and no padding. */
    public Taps(int rows, int columns, int stride, int dilation) {
      this(rows, columns, stride, dilation, 0, 0, false, 0, columns);
    }

    /** With columns that may be padding, or always are. */
    public Taps padded(int leftColumns, int rightColumns, boolean areAlways) {
      return new Taps(
          rows, columns, stride, dilation, leftColumns, rightColumns, areAlways, from, to);
    }

    /** With no more columns of padding than a tile of so many pixels spans. */
    public Taps within(int pixels) {
      int span = span(pixels);
      return padded(Math.min(left, span), Math.min(right, span), always);
    }

    /** With these filter columns alone; the others meet padding. */
    public Taps only(int first, int end) {
      return new Taps(rows, columns, stride, dilation, left, right, always, first, end);
    }

    String name() {
      return "%dx%ds%dd%dp%d_%d%s_%d_%d"
          .formatted(
              rows, columns, stride, dilation, left, right, always ? "always" : "", from, to);
    }

    int count() {
      return rows * columns;
    }

    /** Input columns that a tile spans. */
    public int span(int pixels) {
      return (pixels - 1) * stride + (columns - 1) * dilation + 1;
    }
  }

  /** From here on only a loop over the filter rows keeps the code small. */
  private static final int FAR_DILATION = 4;

  /** Weights that stay in registers: with 7 sums and what C2 loads ahead they fill 32. */
  private static final int MAX_KEPT = 9;

  private final Description tile;
  private final Taps taps;
  private final int lanes;
  private final boolean unrolled;

  // What body() begins with.
  @SuppressWarnings("NullAway.Init")
  private VectorCode code;

  @SuppressWarnings("NullAway.Init")
  private Emission emission;

  @SuppressWarnings("NullAway.Init")
  private ActivationCode activation;

  private int[] sums = {};
  private int[] kept = {};
  private int bias;
  private int mask;
  private int shuffle;
  private int source;
  private int weight;
  private int column;
  private int x;
  private int index;

  DepthwiseTileEmitter(Description tile) {
    this.tile = tile;
    this.taps = tile.taps;
    this.lanes = tile.bits / Float.SIZE;
    // Pixels that lie between the taps share no input: so many loads that C2 takes seconds.
    this.unrolled = taps.count() <= MAX_KEPT && taps.dilation < FAR_DILATION;
  }

  DepthwiseTile emit() {
    Registers.require(tile.className(), tile.bits, tile.registers());
    return Emission.newTile(DepthwiseTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission given) {
    given.vectors().idle(given.value("idle"));
    emission = given;
    code = given.vectors();
    activation = given.activation(tile.boundsBits());
    given.result(activation.lost());
    sums = vectors(tile.pixels);
    kept = unrolled && lanes == 16 ? vectors(taps.count()) : new int[0];
    bias = code.vectorLocal();
    mask = code.vectorLocal();
    shuffle = code.vectorLocal();
    x = code.vectorLocal();
    source = code.intLocal();
    weight = code.intLocal();
    column = code.intLocal();
    index = code.intLocal();
    int target = code.intLocal();
    if (tile.masked) {
      code.firstLanes(mask, emission.value("tail"));
    }
    if (tile.spread) {
      code.shuffle(shuffle, emission.parameter("shuffles"), emission.value("shuffle"));
    }
    code.set(source, emission.value("srcOffset"));
    code.set(weight, emission.value("weightOffset"));
    code.set(target, emission.value("outOffset"));
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("blocks"),
        1,
        () -> {
          block(target);
          code.increment(source, emission.value("srcBlockStep"));
          code.increment(weight, code.constant((taps.count() + 1) * lanes));
          code.increment(target, emission.value("outBlockStep"));
        });
  }

  private int[] vectors(int count) {
    int[] locals = new int[count];
    each(count, i -> locals[i] = code.vectorLocal());
    return locals;
  }

  private void block(int blockTarget) {
    loadWeight(bias, code.constant(taps.count() * lanes));
    each(kept.length, tap -> loadWeight(kept[tap], code.constant(tap * lanes)));
    int rowStart = code.intLocal();
    int rowTarget = code.intLocal();
    int target = code.intLocal();
    int[] starts = new int[unrolled ? taps.rows : 0];
    each(starts.length, i -> starts[i] = code.intLocal());
    code.set(rowStart, emission.value("firstRowStart"));
    code.set(rowTarget, code.local(blockTarget));
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("rows"),
        1,
        () -> {
          each(
              starts.length,
              i -> code.set(starts[i], rowStartOf(code.plus(code.local(rowStart), i))));
          code.set(target, code.local(rowTarget));
          code.set(column, emission.value("column"));
          code.loop(
              code.intLocal(),
              code.constant(0),
              emission.value("tiles"),
              1,
              () -> {
                tile(starts, rowStart, target);
                code.increment(column, code.constant(tile.pixels * taps.stride));
                code.increment(target, code.times(emission.value("outPixelStep"), tile.pixels));
              });
          code.increment(rowStart, code.constant(taps.rows));
          code.increment(rowTarget, emission.value("outRowStep"));
        });
  }

  /** Where an input row starts in {@code src}. */
  private Index rowStartOf(Index entry) {
    return code.plus(code.local(source), code.element(emission.parameter("rowStarts"), entry));
  }

  private void loadWeight(int vector, Index offset) {
    code.load(vector, emission.parameter("weights"), code.plus(code.local(weight), offset));
  }

  private void tile(int[] starts, int rowStart, int target) {
    each(tile.pixels, p -> code.zero(sums[p]));
    int offset = code.intLocal();
    code.set(offset, code.times(code.local(column), tile.sourceStride));
    int[] w = vectors(taps.columns);
    if (unrolled) {
      for (int i = 0; i < taps.rows; i++) {
        int row = i;
        if (kept.length == 0) {
          each(
              taps.columns, j -> loadWeight(w[j], code.constant((row * taps.columns + j) * lanes)));
        } else {
          System.arraycopy(kept, i * taps.columns, w, 0, taps.columns);
        }
        filterRow(code.plus(code.local(starts[i]), code.local(offset)), w);
      }
    } else {
      int i = code.intLocal();
      int start = code.intLocal();
      int tap = code.intLocal();
      code.set(tap, code.constant(0));
      code.loop(
          i,
          code.constant(0),
          code.constant(taps.rows),
          1,
          () -> {
            Index entry = code.plus(code.local(rowStart), code.local(i));
            code.set(start, code.plus(rowStartOf(entry), code.local(offset)));
            each(taps.columns, j -> loadWeight(w[j], code.plus(code.local(tap), j * lanes)));
            filterRow(code.local(start), w);
            code.increment(tap, code.constant(taps.columns * lanes));
          });
    }

    // The bias last: with it as the first value of each sum, C2 spills sums in the loops.
    each(tile.pixels, p -> code.add(sums[p], bias, sums[p]));
    if (tile.residual) {
      each(
          tile.pixels,
          p -> {
            Index at = code.plus(output(target, p), emission.value("residualShift"));
            code.load(x, emission.parameter("residual"), at);
            code.add(sums[p], x, sums[p]);
          });
    }
    activation.apply(sums, tile.clamp);
    each(
        tile.pixels,
        p -> {
          Index at = output(target, p);
          if (tile.masked) {
            code.store(sums[p], emission.parameter("out"), at, mask);
          } else {
            code.store(sums[p], emission.parameter("out"), at);
          }
        });
  }

  /** Where pixel {@code p} of a tile goes. */
  private Index output(int target, int p) {
    return code.plus(code.local(target), code.times(emission.value("outPixelStep"), p));
  }

  /** One filter row: each input vector that it meets, and all its multiply-adds. */
  private void filterRow(Index start, int[] w) {
    int span = taps.span(tile.pixels);
    for (int at = 0; at < span; at++) {
      if (taps.always && (at < taps.left || at >= span - taps.right)) {
        continue;
      }
      boolean loaded = false;
      for (int j = taps.from; j < taps.to; j++) {
        int first = at - j * taps.dilation;
        if (first < 0 || first % taps.stride != 0 || first / taps.stride >= tile.pixels) {
          continue;
        }
        if (!loaded) {
          loadColumn(start, at, span);
          if (tile.spread) {
            code.rearrange(x, shuffle);
          }
          loaded = true;
        }
        code.multiplyAdd(x, w[j], sums[first / taps.stride]);
      }
    }
  }

  /** Loads an input column of the tile, or zeros where it is padding. */
  private void loadColumn(Index start, int at, int span) {
    Index inside = code.plus(start, at * tile.sourceStride);
    boolean left = at < taps.left;
    boolean right = at >= span - taps.right;
    if (taps.always || !left && !right) {
      code.load(x, emission.parameter("src"), inside);
      return;
    }
    Index from = code.plus(code.local(column), at);
    // The row of zeros lies before the first pixel of the plane.
    code.set(
        index,
        code.minus(code.local(source), code.times(emission.value("width"), tile.sourceStride)));
    Runnable select = () -> code.set(index, inside);
    Runnable notRight = right ? () -> code.ifLess(from, emission.value("width"), select) : select;
    if (left) {
      code.ifLess(code.constant(-1), from, notRight);
    } else {
      notRight.run();
    }
    code.load(x, emission.parameter("src"), code.local(index));
  }
}
