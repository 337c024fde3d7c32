package org.sepconv.cpu.vector;

import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Unary;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Whole vectors, then what is left value by value: each value is computed by one operation, which
 * gives the same bits in both.
 *
 * @param emitter of the tiles of the family
 */
record VectorLoops(VectorEmitter emitter) implements Loops {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  @Override
  public void binary(
      Binary.Function function, float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    switch (function) {
      case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM ->
          VectorBinary.apply(function, a, ai, b, bi, to, ti, n);
      case POWER -> power(a, ai, b, bi, to, ti, n);
      case MINIMUM -> Loops.min(a, ai, b, bi, to, ti, n);
      case PRELU -> Loops.prelu(a, ai, b, bi, to, ti, n);
    }
  }

  private static FloatVector load(float[] values, int at) {
    return FloatVector.fromArray(SPECIES, values, at);
  }

  @Override
  public void max(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    VectorBinary.apply(Binary.Function.MAXIMUM, a, ai, b, bi, to, ti, n);
  }

  @Override
  public void addProducts(float[] a, int ai, float[] b, int bi, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).fma(load(b, bi + i), load(to, ti + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = Math.fma(a[ai + i], b[bi + i], to[ti + i]);
    }
  }

  @Override
  public void addScaled(float factor, float[] a, int ai, float[] to, int ti, int n) {
    int whole = SPECIES.loopBound(n);
    FloatVector factors = FloatVector.broadcast(SPECIES, factor);
    for (int i = 0; i < whole; i += SPECIES.length()) {
      load(a, ai + i).fma(factors, load(to, ti + i)).intoArray(to, ti + i);
    }
    for (int i = whole; i < n; i++) {
      to[ti + i] = Math.fma(factor, a[ai + i], to[ti + i]);
    }
  }

  @Override
  public void addPixels(
      float[] a,
      int ai,
      int step,
      float[] b,
      int bi,
      float[] to,
      int ti,
      int toStep,
      int lanes,
      int pixels) {
    if (lanes != SPECIES.length()) {
      Loops.super.addPixels(a, ai, step, b, bi, to, ti, toStep, lanes, pixels);
      return;
    }
    FloatVector factors = load(b, bi);
    for (int p = 0; p < pixels; p++) {
      int at = ti + p * toStep;
      load(a, ai + p * step).fma(factors, load(to, at)).intoArray(to, at);
    }
  }

  @Override
  public void spread(float[] from, int fi, float[] to, int ti, int lanes, int n) {
    if (lanes != SPECIES.length()) {
      Loops.super.spread(from, fi, to, ti, lanes, n);
      return;
    }
    for (int i = 0; i < n; i++) {
      FloatVector.broadcast(SPECIES, from[fi + i]).intoArray(to, ti + i * SPECIES.length());
    }
  }

  @Override
  public void activate(Activation activation, float[] values, int from, int end) {
    if (isMoreThanAClamp(activation)) {
      VectorActivation.apply(activation, values, from, end);
    } else if (activation instanceof Activation.Clamp(float min, float max)) {
      clamp(min, max, values, from, end); // of no object, which the compiler may not do without
    } else if (!(activation instanceof Activation.None)) {
      Clamp bounds = Clamp.of(activation);
      clamp(bounds.min(), bounds.max(), values, from, end);
    }
  }

  private static boolean isMoreThanAClamp(Activation activation) {
    return Clamp.leaves(activation) || activation instanceof Activation.HardSwish;
  }

  /** In a plain loop, of which C2 makes vectors: NaN stays, as in a tile. */
  private static void clamp(float min, float max, float[] values, int from, int end) {
    for (int i = from; i < end; i++) {
      values[i] = Math.min(Math.max(values[i], min), max);
    }
  }

  @Override
  public void unary(Unary.Function function, float[] values, int from, int end) {
    VectorUnary.apply(function, values, from, end);
  }

  @Override
  public void power(float exponent, float[] a, int ai, float[] to, int ti, int n) {
    if (Float.isFinite(exponent)) {
      VectorPower.apply(exponent, a, ai, to, ti, n);
    } else {
      Loops.super.power(exponent, a, ai, to, ti, n);
    }
  }

  @Override
  public Optional<ProductTiles> productTiles() {
    return Optional.of(new TiledProduct(emitter));
  }

  @Override
  public Optional<LaneMove> laneMove(int[] blocks, int[] lanes) {
    return LaneShuffle.of(blocks, lanes, emitter);
  }

  @Override
  public List<TinyProblem> tinyProblems(Unary.Function function) {
    return List.of(VectorUnary.tinyProblem(function));
  }

  @Override
  public List<TinyProblem> tinyProblems(Binary.Function function) {
    return function == Binary.Function.POWER ? List.of(VectorPower.tinyProblem()) : List.of();
  }

  @Override
  public List<TinyProblem> tinyProblems(Activation activation) {
    return isMoreThanAClamp(activation)
        ? List.of(VectorActivation.tinyProblem(activation))
        : List.of();
  }
}
