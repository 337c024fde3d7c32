package org.sepconv.conformance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Convolution;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Quantize;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;

/** What a deliberately wrong backend computes in the place of an operation: a likely mistake. */
final class WrongOperation {
  private WrongOperation() {}

  /** Another operation, where it gives outputs of the same shape. */
  static Operation of(Operation operation) {
    return switch (operation) {
      case Activate(Activation activation) ->
          new Activate(activation.equals(Activation.NONE) ? Activation.RELU : Activation.NONE);
      case Binary(Binary.Function function) -> new Binary(next(function));
      case Unary(Unary.Function function) -> new Unary(next(function));
      // A range that is symmetric, as the one of eight bits is not.
      case Quantize(float step, int lowest, int highest, int offset, float factor) ->
          new Quantize(step, lowest + 1, highest, offset, factor);
      case SquareRoot _ -> new Activate(Activation.NONE);
      case Pool2d pool -> wrong(pool);
      case Reduce reduce -> new Reduce(next(reduce.function()), reduce.axes());
      case Softmax(Axis axis) -> new Softmax(next(axis));
      case ResizeLinear(Resampling resampling) -> new ResizeLinear(wrong(resampling));
      case ResizeNearest(Resampling resampling, ResizeNearest.Rounding rounding) ->
          new ResizeNearest(resampling, next(rounding));
      case DepthToSpace(int block, DepthToSpace.Order order) ->
          new DepthToSpace(block, next(order));
      case Gather(Axis axis, List<Integer> indices) -> {
        List<Integer> other = new ArrayList<>(indices);
        Collections.rotate(other, 1);
        yield new Gather(axis, other);
      }
      case Pad(Padding.Explicit sides, Pad.Mode mode, float value) ->
          new Pad(sides, mode, value + 1);
      case Slice slice ->
          slice.start() == 0
              ? slice
              : new Slice(slice.axis(), slice.start() - 1, moved(slice.end()), slice.step());
      case TransposedConv2d conv -> conv.withActivation(Activation.TANH);
      // Wrong by what they read: see WrongOperationTest.
      case BatchNormalization _,
          Concat _,
          Convolution _,
          Graph _,
          MatrixProduct _,
          Reshape _,
          SpaceToDepth _,
          Transpose _ ->
          operation;
    };
  }

  private static int moved(int end) {
    return end == Slice.TO_END ? end : end - 1;
  }

  private static Pool2d wrong(Pool2d pool) {
    return new Pool2d(
        next(pool.function()),
        pool.kernelH(),
        pool.kernelW(),
        pool.strideH(),
        pool.strideW(),
        pool.padding(),
        pool.countPadding());
  }

  private static Resampling wrong(Resampling resampling) {
    return new Resampling(resampling.target(), next(resampling.coordinates()));
  }

  @SuppressWarnings("unchecked")
  private static <E extends Enum<E>> E next(E value) {
    Object[] all = value.getDeclaringClass().getEnumConstants();
    return (E) all[(value.ordinal() + 1) % all.length];
  }
}
