package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.MatrixProduct;
import org.sepconv.Shape;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Products of matrices. With a constant matrix they are pointwise convolutions, of as many single
 * pixels as there are rows: so bias and activation are fused, and the matrix is packed once.
 */
final class MatrixOperators {
  private MatrixOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Gemm", MatrixOperators::gemm);
    all.put("MatMul", MatrixOperators::product);
  }

  private static void gemm(Scope scope) {
    float alpha = scope.attributes().real("alpha", 1);
    float beta = scope.attributes().real("beta", 1);
    boolean turned = scope.attributes().flag("transB");
    Running first = scope.running(0);
    requireRank(first, 2);
    if (scope.attributes().flag("transA")) {
      first = ShapeOperators.transposed(scope, "turned", first, 1, 0);
    }
    Optional<Tensor> matrix = scope.tensor(1);
    Running product;
    if (matrix.isPresent() && matrix.get().rank() == 2) {
      int outputs = matrix.get().dimension(turned ? 0 : 1);
      Optional<Tensor> bias =
          scope
              .tensor(2)
              .filter(
                  tensor ->
                      tensor.size() == 1
                          || tensor.size() == outputs
                              && tensor.dimension(tensor.rank() - 1) == outputs);
      product = byConstant(scope, first, matrix.get(), turned, alpha, bias, beta);
      if (bias.isPresent()) {
        scope.give(product);
        return;
      }
    } else {
      Running second = scope.running(1);
      requireRank(second, 2);
      if (turned) {
        second = ShapeOperators.transposed(scope, "turned", second, 1, 0);
      }
      product = product(scope, first, second);
      if (alpha != 1) {
        product =
            ArithmeticOperators.binary(scope, "alpha", Binary.Function.MULTIPLY, product, alpha);
      }
    }
    if (scope.has(2)) {
      Running bias = scope.running(2);
      if (beta != 1) {
        bias = ArithmeticOperators.binary(scope, "beta", Binary.Function.MULTIPLY, bias, beta);
      }
      product = ArithmeticOperators.binary(scope, "sum", Binary.Function.ADD, product, bias);
    }
    scope.give(product);
  }

  private static void requireRank(Running value, int rank) {
    if (value.rank() != rank) {
      throw new OnnxException(
          "an input of %s, not of %d dimensions"
              .formatted(Arrays.toString(value.dimensions()), rank));
    }
  }

  private static void product(Scope scope) {
    Optional<Tensor> matrix = scope.tensor(1);
    if (matrix.isPresent() && matrix.get().rank() == 2 && scope.tensor(0).isEmpty()) {
      Running value = scope.running(0);
      scope.give(byConstant(scope, value, matrix.get(), false, 1, Optional.empty(), 1));
    } else {
      scope.give(product(scope, scope.running(0), scope.running(1)));
    }
  }

  /** {@code alpha * x * matrix + beta * bias} along the last dimension. */
  private static Running byConstant(
      Scope scope,
      Running value,
      Tensor matrix,
      boolean turned,
      float alpha,
      Optional<Tensor> bias,
      float beta) {
    int inputs = matrix.dimension(turned ? 1 : 0);
    int outputs = matrix.dimension(turned ? 0 : 1);
    int[] dimensions = value.dimensions();
    int last = dimensions.length - 1;
    if (last < 0 || dimensions[last] != inputs) {
      throw new OnnxException(
          "%s times %s"
              .formatted(Arrays.toString(dimensions), Arrays.toString(matrix.dimensions())));
    }
    Conv2d conv = Conv2d.pointwise(inputs, outputs).bias(bias.isPresent()).build();
    ConvWeights weights =
        scope
            .cache()
            .of(
                ConvWeights.class,
                "matrix %s %s %s".formatted(turned, alpha, beta),
                bias.<List<Object>>map(values -> List.of(matrix, values)).orElse(List.of(matrix)),
                () -> {
                  float[] filter = filter(matrix, turned, alpha);
                  return bias.map(values -> ConvWeights.of(filter, bias(values, outputs, beta)))
                      .orElseGet(() -> ConvWeights.of(filter));
                });
    int rows = value.shape().elements() / inputs;
    dimensions[last] = outputs;
    return scope.apply(
        "", conv, weights, dimensions, scope.view(value, new Shape(rows, inputs, 1, 1)));
  }

  private static float[] filter(Tensor matrix, boolean turned, float alpha) {
    int rows = matrix.dimension(0);
    int columns = matrix.dimension(1);
    float[] values = matrix.floats();
    float[] filter = new float[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        filter[turned ? i * columns + j : j * rows + i] = alpha * values[i * columns + j];
      }
    }
    return filter;
  }

  private static float[] bias(Tensor given, int outputs, float beta) {
    float[] values = ChannelFolding.spread(given.floats(), outputs);
    for (int i = 0; i < outputs; i++) {
      values[i] *= beta;
    }
    return values;
  }

  /** As NumPy's: stacks of matrices, of which each may be repeated. */
  private static Running product(Scope scope, Running first, Running second) {
    int[] left = first.dimensions();
    int[] right = second.dimensions();
    boolean row = left.length == 1;
    boolean column = right.length == 1;
    left = row ? new int[] {1, left[0]} : left;
    right = column ? new int[] {right[0], 1} : right;
    if (left.length < 2 || right.length < 2) {
      throw new OnnxException("a product with a single number");
    }
    int[] leftStack = Arrays.copyOf(left, left.length - 2);
    int[] rightStack = Arrays.copyOf(right, right.length - 2);
    int[] stack = Rules.broadcast(leftStack, rightStack);
    int[] ranges = stackSizes(leftStack, rightStack, stack);
    Running product =
        scope.apply(
            "",
            new MatrixProduct(),
            dimensions(stack, left[left.length - 2], right[right.length - 1]),
            scope.view(first, stacked(leftStack, ranges, stack, left)),
            scope.view(second, stacked(rightStack, ranges, stack, right)));
    if (!row && !column) {
      return product;
    }
    int[] kept = product.dimensions();
    int rank = kept.length;
    int[] axes =
        row && column ? new int[] {rank - 2, rank - 1} : new int[] {row ? rank - 2 : rank - 1};
    return product.withDimensions(Rules.squeeze(kept, Optional.of(axes)));
  }

  private static int[] dimensions(int[] stack, int rows, int columns) {
    int[] dimensions = Arrays.copyOf(stack, stack.length + 2);
    dimensions[stack.length] = rows;
    dimensions[stack.length + 1] = columns;
    return dimensions;
  }

  /** Batch and channels of the product. */
  private static int[] stackSizes(int[] left, int[] right, int[] stack) {
    Shape sizes =
        stack.length <= 2
            ? Shapes.natural(stack)
            : Shapes.common(left, right, stack)
                .orElseThrow(() -> new UnsupportedNode("stacks that need more dimensions"));
    if (sizes.n() != 1 || sizes.c() != 1) {
      throw new UnsupportedNode("stacks that need more than 2 dimensions");
    }
    return new int[] {sizes.h(), sizes.w()};
  }

  private static Shape stacked(int[] own, int[] sizes, int[] stack, int[] matrix) {
    Shape beside =
        Shapes.beside(own, stack, new Shape(1, 1, sizes[0], sizes[1]))
            .orElseThrow(() -> new UnsupportedNode("stacks that need more dimensions"));
    int rank = matrix.length;
    return new Shape(beside.h(), beside.w(), matrix[rank - 2], matrix[rank - 1]);
  }
}
