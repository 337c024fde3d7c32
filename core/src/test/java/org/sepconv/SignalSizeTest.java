package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mean squares by hand; those of activations by integrals over the normal distribution. */
class SignalSizeTest {

  @Test
  void ofValues() {
    assertEquals(12.5, SignalSize.of(new float[] {3, -4}));
  }

  @ParameterizedTest
  @CsvSource({
    "none, 1, 1",
    "none, 4, 4",
    "relu, 1, 0.5",
    "relu, 4, 2",
    "silu, 1, 0.3557755",
    "silu, 4, 1.7578897",
    "gelu, 1, 0.4252214",
    "tanh, 1, 0.3942945",
    "sigmoid, 1, 0.2933790",
  })
  void behindActivations(String activation, double given, double expected) {
    assertEquals(expected, SignalSize.after(Activation.parse(activation), given), 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "none, 1, 1",
    "relu, 2, 2",
    "tanh, 2.5361754, 2.5361754",
    "sigmoid, 3.4085603, 3.4085603",
    "silu, 2.8107614, 0.0625", // of four times as much it lets 4.9 times as much through
    "gelu, 2.3517158, 0.0625",
    "leaky_relu:0.5, 1.6, 1.6",
    "clamp:0:0.1, 4, 4", // 200 would make up for it
  })
  void beforeActivations(String activation, double before, double inNetwork) {
    Activation parsed = Activation.parse(activation);
    assertEquals(before, SignalSize.before(parsed), 1e-5);
    assertEquals(inNetwork, SignalSize.inNetwork(parsed), 1e-5);
  }

  private static double after(Operation operation, Weights weights, Double... given) {
    return SignalSize.after(operation, weights, List.of(given));
  }

  private static double after(Operation operation, Double... given) {
    return after(operation, Weights.none(), given);
  }

  /** Two products with a mean square of 2.5, and a bias of 3. */
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 2}, new float[] {3});

  private static final Conv2d CONV = Conv2d.pointwise(2, 1).bias().build();

  @Test
  void behindConvolutions() {
    assertEquals(2 * 2.5 * 5 + 9, after(CONV, WEIGHTS, 5.0), 1e-5);
    assertEquals(2 * 2.5 * 5 + 9 + 7, after(CONV.withResidual(true), WEIGHTS, 5.0, 7.0), 1e-5);
    assertEquals(17, after(CONV.withActivation(Activation.RELU), WEIGHTS, 5.0), 1e-5);
    TransposedConv2d transposed =
        TransposedConv2d.of(2, 1).bias().activation(Activation.RELU).build();
    assertEquals(17, after(transposed, WEIGHTS, 5.0), 1e-5);
    // 1 x 1 x 4 x 5, half of which goes on.
    SeparableConv2d separable =
        new SeparableConv2d(
            Conv2d.depthwise(2).activation(Activation.RELU).build(), CONV.withResidual(true));
    SeparableWeights weights = new SeparableWeights(ConvWeights.of(new float[] {2, 2}), WEIGHTS);
    assertEquals(2 * 2.5 * 10 + 9 + 7, after(separable, weights, 5.0, 7.0), 1e-5);
  }

  @Test
  void behindABatchNorm() {
    BatchNorm norm =
        new BatchNorm(
            new float[] {2, 1}, new float[] {0, 1}, new float[] {1, 3}, new float[] {4, 0.25f}, 0);
    // x - 1, and 2x - 5.
    assertEquals((3 + 1 + 4 * 3 + 25) / 2.0, after(new BatchNormalization(2), norm, 3.0), 1e-9);
  }

  @Test
  void behindOtherOperations() {
    assertEquals(0.5, after(new Activate(Activation.RELU), 1.0), 1e-6);
    assertEquals(5, after(Binary.add(), 2.0, 3.0));
    assertEquals(5, after(new Binary(Binary.Function.SUBTRACT), 2.0, 3.0));
    assertEquals(6, after(Binary.multiply(), 2.0, 3.0));
    assertEquals(1, after(new Binary(Binary.Function.DIVIDE), 2.0, 3.0));
    assertEquals(2, after(new Binary(Binary.Function.MAXIMUM), 2.0, 3.0));
    assertEquals(3, after(new Concat(Axis.CHANNEL, 3), 1.0, 2.0, 6.0));
    assertEquals(1, after(new Softmax(Axis.CHANNEL), 2.0));
    for (Operation operation :
        List.of(
            new MatrixProduct(),
            Pool2d.max(2, 2, Padding.valid()),
            Reshape.flatten(),
            Quantize.steps(0.5f, 0, -128, 127),
            Reduce.globalAveragePool(),
            new ResizeLinear(Resampling.by(2, Resampling.Coordinates.HALF_PIXEL)),
            new SquareRoot(),
            new Unary(Unary.Function.NEGATIVE))) {
      assertEquals(2, after(operation, 2.0, 3.0), operation.toString());
    }
  }
}
