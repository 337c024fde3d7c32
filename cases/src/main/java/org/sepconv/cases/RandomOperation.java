package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Convolution;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;

/**
 * An operation that is no {@link Convolution}, and what names its numbers: the same on every
 * machine.
 */
record RandomOperation(Problem problem, DataKind data, long seed) {

  private static final float[] SPECIAL = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 3e38f, -3e38f
  };

  /** The same with its numbers. */
  OperationCase toCase() {
    SplittableRandom random = new SplittableRandom(seed);
    boolean positive = takesPositive(problem.operation());
    List<float[]> inputs = new ArrayList<>();
    for (TensorSpec spec : problem.inputs()) {
      inputs.add(values(random, spec.shape().elements(), data, positive));
    }
    Weights weights =
        Weights.filled(problem.operation(), count -> values(random, count, DataKind.FLOATS, true));
    return new OperationCase(
        problem, weights, inputs, exact(problem.operation(), data == DataKind.INTEGERS));
  }

  /** The same kind of numbers for another problem. */
  RandomOperation with(Problem other) {
    return new RandomOperation(other, data, seed);
  }

  /** What it is, and how it lies in memory. */
  @Override
  public String toString() {
    return problem + ", " + data;
  }

  private static float[] values(
      SplittableRandom random, int count, DataKind data, boolean positive) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      float value = data == DataKind.INTEGERS ? random.nextInt(-4, 5) : 8 * random.nextFloat() - 4;
      values[i] = positive ? Math.abs(value) + 0.5f : value;
    }
    if (data == DataKind.NOT_FINITE) {
      for (int i = Math.max(1, count / 64); i > 0; i--) {
        values[random.nextInt(count)] = SPECIAL[random.nextInt(SPECIAL.length)];
      }
    }
    return values;
  }

  /** Whether it is not everywhere defined, or without bounds at zero. */
  private static boolean takesPositive(Operation operation) {
    return switch (operation) {
      case SquareRoot _ -> true;
      case Binary(Binary.Function function) -> function == Binary.Function.POWER;
      case Unary(Unary.Function function) ->
          function == Unary.Function.LOGARITHM || function == Unary.Function.RECIPROCAL;
      case Activate _,
          BatchNormalization _,
          Convolution _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Quantize _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          TransposedConv2d _ ->
          false;
    };
  }

  /** Whether every correct implementation gives the same value, in float32 and in float64. */
  private static boolean exact(Operation operation, boolean whole) {
    return switch (operation) {
      case Rearrangement _ -> true;
      case Pool2d pool -> pool.function() == Pool2d.Function.MAX;
      case Reduce reduce ->
          reduce.function() == Reduce.Function.MAX
              || whole && reduce.function() == Reduce.Function.SUM;
      case Binary binary ->
          switch (binary.function()) {
            case ADD, SUBTRACT, MULTIPLY, PRELU -> whole;
            case MINIMUM, MAXIMUM -> true;
            case DIVIDE, POWER -> false;
          };
      case Unary(Unary.Function function) ->
          function == Unary.Function.ABSOLUTE || function == Unary.Function.NEGATIVE;
      // Quotients by a power of two are exact, of whatever value.
      case Quantize quantize -> isPowerOfTwo(quantize.step()) && isPowerOfTwo(quantize.factor());
      case MatrixProduct _ -> whole;
      case Activate activate ->
          activate.activation() instanceof Activation.None
              || activate.activation() instanceof Activation.Relu;
      case SquareRoot _,
          BatchNormalization _,
          Softmax _,
          ResizeLinear _,
          Convolution _,
          TransposedConv2d _,
          Graph _ ->
          false;
    };
  }

  private static boolean isPowerOfTwo(float value) {
    return value == Math.scalb(1f, Math.getExponent(value));
  }
}
