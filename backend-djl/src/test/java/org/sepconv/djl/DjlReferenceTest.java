package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.ShapeCase;
import org.sepconv.reference.Reference;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * Random convolutions on one thread against the reference, between all layouts: there the engine
 * uses other kernels than on two, with which the conformance suite runs.
 */
class DjlReferenceTest {
  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.NONE,
          Activation.RELU,
          Activation.RELU6,
          Activation.HARD_SWISH,
          Activation.SILU,
          Activation.SIGMOID,
          Activation.HARD_SIGMOID,
          Activation.GELU,
          Activation.TANH,
          new Activation.LeakyRelu(0.1f),
          new Activation.LeakyRelu(0),
          new Activation.Clamp(-0.5f, 0.75f),
          new Activation.Clamp(Float.NEGATIVE_INFINITY, 1),
          new Activation.Clamp(-1, Float.POSITIVE_INFINITY));

  private static ConvBackend open() {
    return new DjlBackendProvider()
        .open(new DeviceInfo("djl", "test", Map.of()), BackendOptions.defaults().withThreads(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"random", "integers", "specials"})
  void computesWhatTheReferenceComputes(String data) {
    try (ConvBackend backend = open()) {
      for (int seed = 0; seed < Integer.getInteger("cases", 150); seed++) {
        Random random = new Random(seed);
        ShapeCase example = random.nextInt(3) == 0 ? separable(random) : single(random);
        if (example == null) {
          continue;
        }
        check(backend, example, data, random, seed);
      }
    }
  }

  @Test
  void computesSpecialShapes() {
    try (ConvBackend backend = open()) {
      Random random = new Random(1);
      for (int channels : new int[] {1, 2, 3, 16, 17}) {
        for (int size : new int[] {1, 2, 5}) {
          for (int batch : new int[] {1, 3}) {
            Conv2d conv = Conv2d.depthwise(channels).kernel(3).padding(Padding.of(1)).build();
            Shape shape = new Shape(batch, channels, size, size);
            check(backend, new ShapeCase("djl", conv, shape), "random", random, -1);
            check(
                backend,
                new ShapeCase("djl", Conv2d.pointwise(channels, 4).bias().build(), shape),
                "random",
                random,
                -1);
          }
        }
      }
    }
  }

  /** PyTorch 2.7.1 gets these wrong when they are left to it. */
  @Test
  void computesOneChannelIntoOneColumnWithAHorizontalStride() {
    try (ConvBackend backend = open()) {
      Random random = new Random(2);
      for (int kernel : new int[] {2, 5, 7}) {
        for (int stride : new int[] {2, 4}) {
          for (Padding padding : new Padding[] {Padding.valid(), Padding.of(0, 1, 0, 0)}) {
            Conv2d conv =
                Conv2d.of(1, 3)
                    .kernel(kernel)
                    .stride(1, stride)
                    .dilation(1, 2)
                    .padding(padding)
                    .build();
            int width = conv.effectiveKernelW() + random.nextInt(2);
            Shape shape = Shape.of(1, kernel + 5, width);
            check(backend, new ShapeCase("djl", conv, shape), "integers", random, kernel);
            check(
                backend,
                new ShapeCase(
                    "djl",
                    conv.toBuilder().dilation(1, 1).padding(Padding.same()).build(),
                    Shape.of(1, 9, 1)),
                "integers",
                random,
                kernel);
          }
        }
      }
    }
  }

  private static ShapeCase single(Random random) {
    int groups = 1 + random.nextInt(4);
    boolean depthwise = random.nextBoolean();
    int in = depthwise ? groups * (1 + random.nextInt(9)) : groups * (1 + random.nextInt(5));
    Conv2d.Builder builder =
        depthwise
            ? Conv2d.depthwise(in, 1 + random.nextInt(3))
            : Conv2d.of(in, groups * (1 + random.nextInt(6))).groups(groups);
    Conv2d conv =
        builder
            .kernel(1 + random.nextInt(4), 1 + random.nextInt(4))
            .stride(1 + random.nextInt(3), 1 + random.nextInt(3))
            .dilation(1 + random.nextInt(2), 1 + random.nextInt(2))
            .padding(padding(random))
            .bias(random.nextBoolean())
            .activation(ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size())))
            .build();
    return feasible(conv, random);
  }

  private static ShapeCase separable(Random random) {
    SeparableConv2d separable =
        SeparableConv2d.of(1 + random.nextInt(20), 1 + random.nextInt(20))
            .depthMultiplier(1 + random.nextInt(2))
            .kernel(1 + random.nextInt(5))
            .stride(1 + random.nextInt(2))
            .padding(padding(random))
            .bias(random.nextBoolean(), random.nextBoolean())
            .activation(
                ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size())),
                ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size())))
            .build();
    return feasible(separable, random);
  }

  private static ShapeCase feasible(Convolution convolution, Random random) {
    Shape input =
        new Shape(
            1 + random.nextInt(3),
            convolution.inChannels(),
            1 + random.nextInt(12),
            1 + random.nextInt(12));
    try {
      return new ShapeCase("djl", convolution, input);
    } catch (IllegalArgumentException empty) {
      return null;
    }
  }

  private static Padding padding(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> Padding.same();
      case 1 -> Padding.sameLower();
      case 2 -> Padding.valid();
      case 3 ->
          Padding.of(random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3));
      case 4 -> Padding.of(random.nextInt(7));
      default -> Padding.of(1);
    };
  }

  private static void check(
      ConvBackend backend, ShapeCase example, String data, Random random, int seed) {
    Weights weights = weights(example.convolution(), data, random);
    float[] input = values(example.input().elements(), data, random);
    Layout in = Layout.values()[random.nextInt(2)];
    Layout out = random.nextInt(4) == 0 ? Layout.values()[random.nextInt(2)] : in;
    TensorSpec source = new TensorSpec(example.input(), in);
    Reference.Result expected =
        Reference.run(Problem.of(example.convolution(), source), weights, input);
    try (Prepared prepared =
            backend.prepare(Problem.of(example.convolution(), source, out), weights);
        Tensor src = backend.allocate(source);
        Tensor dst = backend.allocate(prepared.problem().destination())) {
      src.write(input);
      prepared.run(src, dst);
      boolean whole = data.equals("integers") && exact(example.convolution());
      assertEquals(
          Optional.empty(),
          Agreement.of(expected, whole, dst.read(), out).problem(),
          () ->
              "seed %d: %s on %s to %s, %s"
                  .formatted(seed, example.convolution(), source, out, data));
    }
  }

  private static boolean exact(Convolution convolution) {
    return switch (convolution) {
      case Conv2d conv -> exact(conv.activation());
      case SeparableConv2d both ->
          exact(both.depthwise().activation()) && exact(both.pointwise().activation());
    };
  }

  private static boolean exact(Activation activation) {
    return activation instanceof Activation.None
        || activation instanceof Activation.Relu
        || activation instanceof Activation.Relu6;
  }

  private static Weights weights(Convolution convolution, String data, Random random) {
    return switch (convolution) {
      case Conv2d conv -> weights(conv, data, random);
      case SeparableConv2d both ->
          new SeparableWeights(
              weights(both.depthwise(), data, random), weights(both.pointwise(), data, random));
    };
  }

  private static ConvWeights weights(Conv2d conv, String data, Random random) {
    String finite = data.equals("specials") ? "random" : data;
    ConvWeights weights = ConvWeights.of(values(conv.filterSize(), finite, random));
    return conv.bias() ? weights.withBias(values(conv.outChannels(), finite, random)) : weights;
  }

  private static float[] values(int count, String data, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = data.equals("integers") ? random.nextInt(9) - 4 : (float) random.nextGaussian();
      if (data.equals("specials") && random.nextInt(20) == 0) {
        values[i] =
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 1e-40f}
                [random.nextInt(5)];
      }
    }
    return values;
  }
}
