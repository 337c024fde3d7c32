package org.sepconv.reference;

import org.sepconv.Axis;
import org.sepconv.ConvGeometry;
import org.sepconv.Pool2d;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.reference.Reference.Result;

/** Operations that make one value of many, by their definitions. */
final class ReductionReference {
  private static final double U = 0x1p-24;

  private ReductionReference() {}

  /** The values that one output is made of, as they come. */
  private static final class Gathered {
    private final BoundedSum sum;
    private int count;
    private double max = Double.NEGATIVE_INFINITY;
    private double largestError;

    Gathered(Propagation propagation) {
      this.sum = new BoundedSum(propagation, 0);
    }

    void add(double value, double error) {
      count++;
      sum.add(value, error);
      max = Math.max(max, value);
      largestError = Math.max(largestError, error);
    }

    /** The sum of {@code roundings} values at most, divided by {@code divisor}. */
    void sum(int roundings, int divisor, ElementwiseReference.Value result) {
      double error = sum.error(roundings);
      // A sum beyond float32 is an infinity, which no division brings back.
      boolean overflows = divisor > 1 && Math.abs(sum.value()) + error > Float.MAX_VALUE;
      boolean finite = Double.isFinite(sum.value());
      result.set(
          sum.value() / divisor, overflows && finite ? Double.POSITIVE_INFINITY : error / divisor);
    }

    void max(ElementwiseReference.Value result) {
      result.set(max, largestError);
    }
  }

  static Result pool(Pool2d pool, Result input, TensorSpec output, Propagation propagation) {
    ConvGeometry geometry = pool.geometry(input.spec().shape());
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          Gathered window = new Gathered(propagation);
          int firstRow = geometry.inputRow(place[2]);
          int firstColumn = geometry.inputColumn(place[3]);
          for (int i = geometry.firstTapRow(place[2]); i < geometry.endTapRow(place[2]); i++) {
            for (int j = geometry.firstTapColumn(place[3]);
                j < geometry.endTapColumn(place[3]);
                j++) {
              add(window, input, place[0], place[1], firstRow + i, firstColumn + j);
            }
          }
          switch (pool.function()) {
            case MAX -> window.max(result);
            case AVERAGE -> {
              int divisor = pool.countPadding() ? pool.kernelH() * pool.kernelW() : window.count;
              window.sum(window.count + 2, divisor, result);
            }
          }
        });
  }

  private static void add(Gathered gathered, Result input, int n, int c, int y, int x) {
    int index = input.spec().layout().index(input.spec().shape(), n, c, y, x);
    gathered.add(input.values()[index], input.bounds()[index]);
  }

  static Result reduce(Reduce reduce, Result input, TensorSpec output, Propagation propagation) {
    Shape in = input.spec().shape();
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          Gathered all = new Gathered(propagation);
          for (int n = first(reduce, Axis.BATCH, place);
              n < end(reduce, Axis.BATCH, in, place);
              n++) {
            for (int c = first(reduce, Axis.CHANNEL, place);
                c < end(reduce, Axis.CHANNEL, in, place);
                c++) {
              for (int y = first(reduce, Axis.HEIGHT, place);
                  y < end(reduce, Axis.HEIGHT, in, place);
                  y++) {
                for (int x = first(reduce, Axis.WIDTH, place);
                    x < end(reduce, Axis.WIDTH, in, place);
                    x++) {
                  add(all, input, n, c, y, x);
                }
              }
            }
          }
          switch (reduce.function()) {
            case MAX -> all.max(result);
            case SUM -> all.sum(all.count, 1, result);
            // One more rounding than the sum has: the division, or the product with 1 / count and
            // that.
            case MEAN -> all.sum(all.count + 2, all.count, result);
          }
        });
  }

  private static int first(Reduce reduce, Axis axis, int[] place) {
    return reduce.axes().contains(axis) ? 0 : place[axis.ordinal()];
  }

  private static int end(Reduce reduce, Axis axis, Shape input, int[] place) {
    return reduce.axes().contains(axis) ? axis.size(input) : place[axis.ordinal()] + 1;
  }

  /** Four products of three factors, and their sum: six roundings at most for each, and one. */
  static Result resize(
      ResizeLinear resize, Result input, TensorSpec output, Propagation propagation) {
    Shape shape = input.spec().shape();
    int roundings = 8;
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          ResizeLinear.Between rows = resize.rows(shape, place[2]);
          ResizeLinear.Between columns = resize.columns(shape, place[3]);
          BoundedSum sum = new BoundedSum(propagation, 0);
          for (int corner = 0; corner < 4; corner++) {
            boolean lower = corner / 2 == 1;
            boolean right = corner % 2 == 1;
            double share =
                (lower ? (double) rows.share() : 1f - rows.share())
                    * (right ? columns.share() : 1f - columns.share());
            int from =
                input
                    .spec()
                    .layout()
                    .index(
                        shape,
                        place[0],
                        place[1],
                        lower ? rows.second() : rows.first(),
                        right ? columns.second() : columns.first());
            sum.addProduct(input, from, share);
          }
          result.set(sum.value(), sum.error(roundings));
        });
  }

  static Result softmax(Softmax softmax, Result input, TensorSpec output) {
    Shape shape = input.spec().shape();
    int length = softmax.axis().size(shape);
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          int[] at = place.clone();
          double max = Double.NEGATIVE_INFINITY;
          double largest = 0;
          double least = Double.POSITIVE_INFINITY;
          for (int i = 0; i < length; i++) {
            int index = index(input, at, softmax.axis(), i);
            max = Math.max(max, input.values()[index]);
            least = Math.min(least, input.values()[index]);
            largest = Math.max(largest, input.bounds()[index]);
          }
          double sum = 0;
          for (int i = 0; i < length; i++) {
            sum += Math.exp(input.values()[index(input, at, softmax.axis(), i)] - max);
          }
          double x =
              input.values()[index(input, at, softmax.axis(), place[softmax.axis().ordinal()])];
          double value = Math.exp(x - max) / sum;
          if (!Double.isFinite(max) || largest == Double.POSITIVE_INFINITY) {
            result.set(value, largest > 0 ? Double.POSITIVE_INFINITY : 0);
            return;
          }
          // Exponentials of 4 ulp of rounded differences, their sum, and a division.
          double spread = Double.isFinite(least) ? max - least : 100;
          double relative = (length + 24 + 2 * Math.min(spread, 100)) * U + 4 * largest;
          result.set(value, relative < 0.5 ? value * relative * 2 + 1e-36 : 1);
        });
  }

  private static int index(Result input, int[] place, Axis axis, int position) {
    place[axis.ordinal()] = position;
    return input
        .spec()
        .layout()
        .index(input.spec().shape(), place[0], place[1], place[2], place[3]);
  }

  static Result matrixProduct(
      Result first, Result second, TensorSpec output, Propagation propagation) {
    int depth = first.spec().shape().w();
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          BoundedSum sum = new BoundedSum(propagation, 0);
          for (int k = 0; k < depth; k++) {
            int a = index(first, place, place[2], k);
            int b = index(second, place, k, place[3]);
            double x = first.values()[a];
            double y = second.values()[b];
            sum.addProduct(first, a, y);
            sum.inherit(SumError.inherited(y, second.bounds()[b], x));
          }
          result.set(sum.value(), sum.error(depth));
        });
  }

  private static int index(Result matrices, int[] place, int row, int column) {
    Shape shape = matrices.spec().shape();
    return matrices
        .spec()
        .layout()
        .index(shape, shape.n() == 1 ? 0 : place[0], shape.c() == 1 ? 0 : place[1], row, column);
  }
}
