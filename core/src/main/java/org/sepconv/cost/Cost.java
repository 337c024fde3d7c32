package org.sepconv.cost;

import java.util.List;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;

/**
 * What an operation on one input shape costs, whatever runs it. Exact counts; published tables
 * disagree because some count a MAC as one FLOP and some as two, some with bias and batch norm and
 * some without, so the names here say which is meant.
 *
 * @param macs multiply-accumulate operations, N H' W' O C/groups KH KW: every tap is counted, those
 *     that meet the padding too, as the papers do; of a transposed convolution N H W C O/groups KH
 *     KW
 * @param additions of residuals, one for each output value, as a part of a convolution or alone
 * @param filterParameters values of the filters
 * @param biasParameters values of the biases, and gamma and beta of batch norms that are not folded
 * @param inputBytes bytes of all inputs, each read once
 * @param weightBytes bytes of filters and biases, of the input's type, each read once
 * @param outputBytes bytes of all outputs, written once
 */
public record Cost(
    long macs,
    long additions,
    long filterParameters,
    long biasParameters,
    long inputBytes,
    long weightBytes,
    long outputBytes) {

  /** The cost of nothing: where a sum starts. */
  public static final Cost ZERO = new Cost(0, 0, 0, 0, 0, 0, 0);

  /**
   * The cost of a convolution on a float32 input of shape {@code input}.
   *
   * @throws IllegalArgumentException if the convolution cannot take this input
   */
  public static Cost of(Convolution convolution, Shape input) {
    return of(Problem.of(convolution, TensorSpec.nchw(input)));
  }

  /**
   * The cost of a problem. A separable convolution is counted as fused: the values between its
   * stages are not among the bytes. Only convolutions and matrix products have MACs. A graph costs
   * the sum of its nodes, with the values between them moved through memory.
   */
  public static Cost of(Problem problem) {
    long inputs = bytes(problem.inputs());
    long outputs = bytes(problem.outputs());
    return switch (problem.operation()) {
      case Conv2d conv -> ofConv2d(conv, problem, inputs, outputs);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        Problem first = Problem.of(depthwise, problem.source());
        Cost sum = of(first).plus(of(Problem.of(pointwise, first.destination())));
        yield new Cost(
            sum.macs,
            sum.additions,
            sum.filterParameters,
            sum.biasParameters,
            inputs,
            sum.weightBytes,
            outputs);
      }
      case Graph graph ->
          graph.steps(problem).stream().map(step -> of(step.problem())).reduce(ZERO, Cost::plus);
      case TransposedConv2d conv -> {
        // Every tap of every value of the input.
        long macs =
            (long) problem.source().shape().elements()
                * ((long) conv.outputsPerGroup() * conv.kernelH() * conv.kernelW());
        long filter = conv.filterSize();
        long bias = conv.bias() ? conv.outChannels() : 0;
        long weights = problem.source().type().bytes() * (filter + bias);
        yield new Cost(macs, 0, filter, bias, inputs, weights, outputs);
      }
      case MatrixProduct _ -> {
        long macs = (long) problem.destination().shape().elements() * problem.source().shape().w();
        yield new Cost(macs, 0, 0, 0, inputs, 0, outputs);
      }
      // Four values a channel, of which gamma and beta are trained.
      case BatchNormalization norm ->
          new Cost(0, 0, 0, 2L * norm.channels(), inputs, 16L * norm.channels(), outputs);
      case Binary(Binary.Function function) when function == Binary.Function.ADD ->
          new Cost(0, problem.destination().shape().elements(), 0, 0, inputs, 0, outputs);
      case Elementwise _, Pool2d _, Rearrangement _, Reduce _, ResizeLinear _, Softmax _ ->
          new Cost(0, 0, 0, 0, inputs, 0, outputs);
    };
  }

  private static long bytes(List<TensorSpec> specs) {
    return specs.stream().mapToLong(TensorSpec::bytes).sum();
  }

  private static Cost ofConv2d(Conv2d conv, Problem problem, long inputs, long outputs) {
    Shape output = problem.destination().shape();
    long filter = conv.filterSize();
    long bias = conv.bias() ? conv.outChannels() : 0;
    // Both factors fit an int, so the product fits a long.
    long macs = (long) output.elements() * conv.productsPerOutput();
    long additions = conv.residual() ? output.elements() : 0;
    long weights = problem.source().type().bytes() * (filter + bias);
    return new Cost(macs, additions, filter, bias, inputs, weights, outputs);
  }

  /**
   * Floating-point operations: two for each MAC, one for each addition of a residual; biases and
   * activations are not counted.
   */
  public long flops() {
    return Math.addExact(Math.multiplyExact(2, macs), additions);
  }

  /** All that is trained: filters, biases, and batch norms that are not folded into them. */
  public long parametersWithBias() {
    return filterParameters + biasParameters;
  }

  /** Compulsory traffic: inputs, weights and output, each moved once. */
  public long bytes() {
    return inputBytes + weightBytes + outputBytes;
  }

  /** Arithmetic intensity: FLOPs for each compulsory byte. */
  public double intensity() {
    return (double) flops() / bytes();
  }

  /**
   * One operation after the other, with the values between them moved through memory.
   *
   * @throws ArithmeticException if a sum overflows
   */
  public Cost plus(Cost other) {
    return new Cost(
        Math.addExact(macs, other.macs),
        Math.addExact(additions, other.additions),
        Math.addExact(filterParameters, other.filterParameters),
        Math.addExact(biasParameters, other.biasParameters),
        Math.addExact(inputBytes, other.inputBytes),
        Math.addExact(weightBytes, other.weightBytes),
        Math.addExact(outputBytes, other.outputBytes));
  }
}
