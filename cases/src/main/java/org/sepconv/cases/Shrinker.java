package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.sepconv.Activation;
import org.sepconv.Layout;
import org.sepconv.Padding;

/** Makes a failing case small: what is left in it is what it takes to fail. */
public final class Shrinker {

  /** Tries at most: a case that fails now and then could go on for ever. */
  private static final int MAX_TRIES = 2_000;

  private Shrinker() {}

  /**
   * A case that still fails, but no longer does if any one of its numbers is made smaller or more
   * usual.
   *
   * @param failing a case for which {@code fails} is true
   */
  public static RandomCase shrink(RandomCase failing, Predicate<RandomCase> fails) {
    return shrink(failing, Shrinker::candidates, fails);
  }

  /**
   * The first that fails of what is smaller, and the same of that, until none of it fails.
   *
   * @param candidates smaller ones, the greatest steps first
   */
  static <T> T shrink(T failing, Function<T, List<T>> candidates, Predicate<T> fails) {
    T smallest = failing;
    int tries = 0;
    boolean progress = true;
    while (progress) {
      progress = false;
      for (T candidate : candidates.apply(smallest)) {
        if (++tries > MAX_TRIES) {
          return smallest;
        }
        if (fails.test(candidate)) {
          smallest = candidate;
          progress = true;
          break;
        }
      }
    }
    return smallest;
  }

  /** Smaller or more usual cases, the greatest steps first. */
  static List<RandomCase> candidates(RandomCase from) {
    Steps steps = steps(CaseParameters.of(from.shape()));
    List<RandomCase> result = new ArrayList<>();
    addAll(result, from, steps.coarse);
    for (Layout same : List.of(from.destination(), from.source())) {
      if (from.source() != from.destination()) {
        result.add(new RandomCase(from.shape(), same, same));
      }
    }
    if (from.source() == Layout.NHWC && from.destination() == Layout.NHWC) {
      result.add(new RandomCase(from.shape(), Layout.NCHW, Layout.NCHW));
    }
    addAll(result, from, steps.fine);
    return result;
  }

  private static void addAll(
      List<RandomCase> result, RandomCase from, List<Consumer<CaseParameters>> steps) {
    for (Consumer<CaseParameters> step : steps) {
      CaseParameters changed = CaseParameters.of(from.shape());
      step.accept(changed);
      try {
        ShapeCase shape = changed.toCase();
        if (!shape.equals(from.shape())) {
          result.add(new RandomCase(shape, from.source(), from.destination()));
        }
      } catch (IllegalArgumentException _) {
        // No such convolution, or no output left.
      }
    }
  }

  /**
   * Changes to try.
   *
   * @param coarse the most promising first
   * @param fine for when no coarse one fails: one channel too many for a tile fails at 49 and at 9,
   *     but neither at 48 nor at 24
   */
  private record Steps(List<Consumer<CaseParameters>> coarse, List<Consumer<CaseParameters>> fine) {

    void add(Consumer<CaseParameters> step) {
      coarse.add(step);
    }
  }

  private static Steps steps(CaseParameters from) {
    Steps steps = new Steps(new ArrayList<>(), new ArrayList<>());
    simplerForms(steps, from);
    steps.add(p -> p.activation = Activation.NONE);
    steps.add(p -> p.depthwiseActivation = Activation.NONE);
    steps.add(p -> p.bias = false);
    steps.add(p -> p.depthwiseBias = false);
    steps.add(p -> p.residual = false);
    steps.add(p -> p.padding = Padding.valid());
    smaller(steps, from.batch, (p, value) -> p.batch = value);
    smaller(steps, from.groups, Shrinker::setGroups);
    smaller(steps, from.inChannels / from.groups, (p, value) -> p.inChannels = value * p.groups);
    smaller(steps, from.outChannels / from.groups, (p, value) -> p.outChannels = value * p.groups);
    smaller(steps, from.multiplier, (p, value) -> p.multiplier = value);
    smaller(steps, from.dilationH, (p, value) -> p.dilationH = value);
    smaller(steps, from.dilationW, (p, value) -> p.dilationW = value);
    smaller(steps, from.strideH, (p, value) -> p.strideH = value);
    smaller(steps, from.strideW, (p, value) -> p.strideW = value);
    smaller(steps, from.kernelH, (p, value) -> p.kernelH = value);
    smaller(steps, from.kernelW, (p, value) -> p.kernelW = value);
    smaller(steps, from.height, (p, value) -> p.height = value);
    smaller(steps, from.width, (p, value) -> p.width = value);
    smallerPadding(steps, from);
    return steps;
  }

  private static void simplerForms(Steps steps, CaseParameters from) {
    if (from.form == CaseParameters.Form.SEPARABLE) {
      steps.add(
          p -> {
            p.form = CaseParameters.Form.DEPTHWISE;
            p.bias = p.depthwiseBias;
            p.activation = p.depthwiseActivation;
          });
      steps.add(
          p -> {
            p.form = CaseParameters.Form.POINTWISE;
            p.inChannels *= p.multiplier;
            p.kernelH = 1;
            p.kernelW = 1;
            p.strideH = 1;
            p.strideW = 1;
            p.dilationH = 1;
            p.dilationW = 1;
            p.padding = Padding.valid();
          });
    }
  }

  private static void setGroups(CaseParameters parameters, int groups) {
    parameters.inChannels = parameters.inChannels / parameters.groups * groups;
    parameters.outChannels = parameters.outChannels / parameters.groups * groups;
    parameters.groups = groups;
  }

  private static void smallerPadding(Steps steps, CaseParameters from) {
    Padding.Explicit sides =
        from.padding.resolve(
            from.height,
            from.width,
            from.dilationH * (from.kernelH - 1) + 1,
            from.dilationW * (from.kernelW - 1) + 1,
            from.strideH,
            from.strideW);
    int top = sides.top();
    int left = sides.left();
    int bottom = sides.bottom();
    int right = sides.right();
    smallerSide(steps, top, value -> Padding.of(value, left, bottom, right));
    smallerSide(steps, left, value -> Padding.of(top, value, bottom, right));
    smallerSide(steps, bottom, value -> Padding.of(top, left, value, right));
    smallerSide(steps, right, value -> Padding.of(top, left, bottom, value));
  }

  private static void smallerSide(Steps steps, int value, IntFunction<Padding> padding) {
    if (value > 0) {
      steps.add(p -> p.padding = padding.apply(0));
      steps.add(p -> p.padding = padding.apply(value / 2));
      steps.add(p -> p.padding = padding.apply(value - 1));
    }
  }

  private static void smaller(Steps steps, int value, ObjIntConsumer<CaseParameters> set) {
    if (value > 1) {
      steps.add(p -> set.accept(p, 1));
    }
    if (value > 3) {
      steps.add(p -> set.accept(p, value / 2));
    }
    if (value > 2) {
      steps.add(p -> set.accept(p, value - 1));
    }
    for (int i = 2; i < value - 1; i++) {
      int between = i;
      steps.fine.add(p -> set.accept(p, between));
    }
  }
}
