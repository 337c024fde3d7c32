package org.sepconv.cost;

import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * What an operation on one input shape costs, whatever runs it. Exact counts; published tables
 * disagree because some count a MAC as one FLOP and some as two, some with bias and batch norm and
 * some without, so the names here say which is meant.
 *
 * @param macs multiply-accumulate operations, N H' W' O C/groups KH KW: every tap is counted, those
 *     that meet the padding too, as the papers do
 * @param additions of residuals, one for each output value
 * @param filterParameters values of the filters
 * @param biasParameters values of the biases
 * @param inputBytes float32 bytes of all inputs, each read once
 * @param weightBytes float32 bytes of filters and biases, each read once
 * @param outputBytes float32 bytes of the output, written once
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
   * The cost of a convolution on an input of shape {@code input}. A separable one is counted as
   * fused: the values between its stages are not among the bytes.
   *
   * @throws IllegalArgumentException if the convolution cannot take this input
   */
  public static Cost of(Convolution convolution, Shape input) {
    return switch (convolution) {
      case Conv2d conv -> ofConv2d(conv, input);
      case SeparableConv2d separable -> {
        Cost first = of(separable.depthwise(), input);
        Cost second = of(separable.pointwise(), separable.depthwise().outputShape(input));
        Cost sum = first.plus(second);
        yield new Cost(
            sum.macs,
            sum.additions,
            sum.filterParameters,
            sum.biasParameters,
            first.inputBytes + residualBytes(separable.pointwise(), second),
            sum.weightBytes,
            second.outputBytes);
      }
    };
  }

  /**
   * The cost of any operation of a network. Pooling and addition have no MACs.
   *
   * @throws IllegalArgumentException if the operation cannot take these inputs
   */
  public static Cost of(Operation operation, java.util.List<Shape> inputs) {
    Shape output = operation.outputShape(inputs);
    return switch (operation) {
      case Convolution convolution -> of(convolution, inputs.getFirst());
      case GlobalAveragePool _ ->
          new Cost(0, 0, 0, 0, inputs.getFirst().bytes(), 0, output.bytes());
      case Add _ -> new Cost(0, output.elements(), 0, 0, 2 * output.bytes(), 0, output.bytes());
    };
  }

  private static Cost ofConv2d(Conv2d conv, Shape input) {
    Shape output = conv.outputShape(input);
    long filter = conv.filterSize();
    long bias = conv.bias() ? conv.outChannels() : 0;
    // Both factors fit an int, so the product fits a long.
    long macs = (long) output.elements() * conv.productsPerOutput();
    long additions = conv.residual() ? output.elements() : 0;
    long inputs = input.bytes() + (conv.residual() ? output.bytes() : 0);
    return new Cost(macs, additions, filter, bias, inputs, 4 * (filter + bias), output.bytes());
  }

  private static long residualBytes(Conv2d conv, Cost cost) {
    return conv.residual() ? cost.outputBytes : 0;
  }

  /**
   * Floating-point operations: two for each MAC, one for each addition of a residual; biases and
   * activations are not counted.
   */
  public long flops() {
    return Math.addExact(Math.multiplyExact(2, macs), additions);
  }

  /** Filters and biases; batch norms are taken as folded into them. */
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
