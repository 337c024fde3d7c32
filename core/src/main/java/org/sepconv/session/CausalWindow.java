package org.sepconv.session;

import java.util.List;
import java.util.Set;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.DepthToSpace;
import org.sepconv.Elementwise;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;

/**
 * Which columns of its first input an operation needs for a column of its output, where the width
 * is time.
 *
 * @param operation the same without padding along time
 * @param padding columns before the first; where it is negative, so many are left out
 * @param fill what the padding holds
 * @param columns of the window, from the first to the last that it meets
 * @param stride columns from one window to the next
 */
record CausalWindow(Operation operation, int padding, float fill, int columns, int stride) {

  /** Each column alone. */
  static CausalWindow each(Operation operation) {
    return new CausalWindow(operation, 0, 0, 1, 1);
  }

  /**
   * The window of an operation.
   *
   * @param moving for each input, whether it changes with time
   * @throws IllegalArgumentException saying what of it is not causal
   */
  static CausalWindow of(Problem problem, List<Boolean> moving) {
    return switch (problem.operation()) {
      case Conv2d conv -> {
        requireNot(moving.contains(false), "it takes a constant beside what changes with time");
        yield convolution(conv, problem);
      }
      case Pool2d pool -> pool(pool, problem);
      case Pad pad -> pad(pad);
      case Slice slice -> slice(slice);
      case Binary binary -> joined(binary, problem, moving);
      case Concat concat -> {
        requireNot(concat.axis() == Axis.WIDTH, "it joins along the width, which is time");
        requireNot(moving.contains(false), "it joins a constant with what changes with time");
        yield each(concat);
      }
      case MatrixProduct product -> {
        requireNot(moving.getFirst(), "it sums over the width, which is time");
        yield each(product);
      }
      case Reduce reduce -> {
        requireNot(
            reduce.axes().contains(Axis.WIDTH), reduce + " takes all columns, later ones too");
        yield each(reduce);
      }
      case Softmax softmax -> {
        requireNot(softmax.axis() == Axis.WIDTH, softmax + " takes all columns, later ones too");
        yield each(softmax);
      }
      case Gather gather -> {
        requireNot(gather.axis() == Axis.WIDTH, "it picks along the width, which is time");
        yield each(gather);
      }
      case Transpose transpose -> {
        requireNot(transpose.order().getLast() != Axis.WIDTH, "it moves the width, which is time");
        yield each(transpose);
      }
      case Reshape reshape -> {
        requireNot(movesColumns(reshape, problem), "it moves the width, which is time");
        yield each(reshape);
      }
      case BatchNormalization normalization -> each(normalization);
      case Elementwise elementwise -> each(elementwise);
      case TransposedConv2d _, ResizeLinear _, ResizeNearest _, DepthToSpace _, SpaceToDepth _ ->
          throw new IllegalArgumentException(
              "%s may change the width, which is time".formatted(problem.operation()));
      case SeparableConv2d _, Graph _ ->
          throw new IllegalStateException("not flat: " + problem.operation());
    };
  }

  private static void requireNot(boolean wrong, String message) {
    if (wrong) {
      throw new IllegalArgumentException(message);
    }
  }

  private static CausalWindow convolution(Conv2d conv, Problem problem) {
    Padding.Explicit sides =
        sides(conv.padding(), problem, conv.effectiveKernelH(), conv.strideH(), conv.kernelW());
    return new CausalWindow(
        conv.withPadding(Padding.of(sides.top(), 0, sides.bottom(), 0)),
        sides.left(),
        0,
        conv.effectiveKernelW(),
        conv.strideW());
  }

  /** The padding in numbers, of which the one on the right is 0. */
  private static Padding.Explicit sides(
      Padding padding, Problem problem, int kernelH, int strideH, int kernelW) {
    Shape input = problem.source().shape();
    return switch (padding) {
      case Padding.Explicit sides -> {
        requireNot(
            sides.right() > 0,
            "it pads %d columns on the right, where later ones are not known; all %d belong on the left"
                .formatted(sides.right(), sides.left() + sides.right()));
        yield sides;
      }
      case Padding.Same same -> {
        requireNot(
            kernelW > 1,
            "padding '%s' puts columns on the right and depends on the width; pad explicitly on the left"
                .formatted(same));
        yield same.resolve(input.h(), 1, kernelH, 1, strideH, 1);
      }
    };
  }

  private static CausalWindow pool(Pool2d pool, Problem problem) {
    Padding.Explicit sides =
        sides(pool.padding(), problem, pool.kernelH(), pool.strideH(), pool.kernelW());
    boolean max = pool.function() == Pool2d.Function.MAX;
    requireNot(
        !max && sides.left() > 0 && !pool.countPadding(),
        "the first means are of fewer columns: count the padding, or pad before it");
    return new CausalWindow(
        new Pool2d(
            pool.function(),
            pool.kernelH(),
            pool.kernelW(),
            pool.strideH(),
            pool.strideW(),
            Padding.of(sides.top(), 0, sides.bottom(), 0),
            pool.countPadding()),
        sides.left(),
        max ? Float.NEGATIVE_INFINITY : 0,
        pool.kernelW(),
        pool.strideW());
  }

  private static CausalWindow pad(Pad pad) {
    Padding.Explicit sides = pad.sides();
    requireNot(sides.right() > 0, "it pads on the right, where later columns are not known");
    requireNot(
        sides.left() > 0 && pad.mode() != Pad.Mode.CONSTANT,
        "it mirrors columns that come later to the left");
    Padding.Explicit rows = new Padding.Explicit(sides.top(), 0, sides.bottom(), 0);
    Operation operation =
        rows.equals(Padding.valid())
            ? new Activate(Activation.NONE)
            : new Pad(rows, pad.mode(), pad.value());
    return new CausalWindow(operation, sides.left(), pad.value(), 1, 1);
  }

  private static CausalWindow slice(Slice slice) {
    if (slice.axis() != Axis.WIDTH) {
      return each(slice);
    }
    requireNot(slice.end() != Slice.TO_END, "it ends at a column of the width, which is time");
    Operation operation =
        slice.step() == 1
            ? new Activate(Activation.NONE)
            : new Slice(Axis.WIDTH, 0, Slice.TO_END, slice.step());
    return new CausalWindow(operation, -slice.start(), 0, 1, slice.step());
  }

  private static CausalWindow joined(Binary binary, Problem problem, List<Boolean> moving) {
    for (int i = 0; i < moving.size(); i++) {
      requireNot(
          !moving.get(i) && problem.inputs().get(i).shape().w() > 1,
          "it takes a constant that is %d columns wide"
              .formatted(problem.inputs().get(i).shape().w()));
    }
    return each(binary);
  }

  /** Whether another width comes out of a reshape than went in, whatever it is. */
  private static boolean movesColumns(Reshape reshape, Problem problem) {
    Shape shape = problem.source().shape();
    for (int width : Set.of(shape.w(), shape.w() + 1, 2 * shape.w() + 1)) {
      try {
        if (reshape.outputShapes(List.of(Axis.WIDTH.with(shape, width))).getFirst().w() != width) {
          return true;
        }
      } catch (IllegalArgumentException _) {
        return true; // of this width alone
      }
    }
    return false;
  }
}
