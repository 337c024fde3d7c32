package org.sepconv.cases;

import java.util.SplittableRandom;
import org.sepconv.Activation;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.cost.Cost;

/**
 * Random convolutions of all kinds, small enough that the reference takes about a millisecond. The
 * same seed and index give the same case on every machine.
 */
public final class RandomCases {

  /** Multiply-accumulates of one case at most. */
  static final long MAX_MACS = 300_000;

  private static final Activation[] ACTIVATIONS = {
    Activation.NONE,
    Activation.NONE,
    Activation.RELU,
    Activation.RELU6,
    Activation.HARD_SWISH,
    Activation.SILU,
    Activation.SIGMOID,
    Activation.HARD_SIGMOID,
    Activation.GELU,
    Activation.TANH,
    new Activation.LeakyRelu(0.25f),
    new Activation.LeakyRelu(0.01f),
    new Activation.Clamp(-3, 4),
    new Activation.Clamp(-0.5f, Float.POSITIVE_INFINITY),
  };

  private RandomCases() {}

  /** Case {@code index} of the sequence that {@code seed} names. */
  public static RandomCase of(long seed, int index) {
    SplittableRandom random = new SplittableRandom(dataSeed(seed, index));
    while (true) {
      CaseParameters parameters = parameters(random);
      parameters.name = "random." + index;
      try {
        ShapeCase shape = parameters.toCase();
        if (Cost.of(shape.convolution(), shape.input()).macs() <= MAX_MACS) {
          return new RandomCase(shape, layout(random), layout(random));
        }
      } catch (IllegalArgumentException _) {
        // No output would be left: draw again.
      }
    }
  }

  /** The seed of the numbers of a case: another one for each index. */
  static long dataSeed(long seed, int index) {
    return seed * 0x9e3779b97f4a7c15L + index;
  }

  private static CaseParameters parameters(SplittableRandom random) {
    CaseParameters drawn = new CaseParameters();
    CaseParameters.Form[] forms = CaseParameters.Form.values();
    drawn.form = forms[random.nextInt(forms.length)];
    drawn.batch = 1 + (random.nextInt(3) == 0 ? random.nextInt(3) : 0);
    drawn.inChannels = channels(random);
    drawn.outChannels = channels(random);
    drawn.height = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 12);
    drawn.width = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 12);
    if (drawn.form == CaseParameters.Form.GROUPED) {
      drawn.groups = 2 + random.nextInt(7);
      drawn.inChannels = drawn.groups * (1 + random.nextInt(5));
      drawn.outChannels = drawn.groups * (1 + random.nextInt(5));
    }
    boolean depthwise =
        drawn.form == CaseParameters.Form.DEPTHWISE || drawn.form == CaseParameters.Form.SEPARABLE;
    if (depthwise && random.nextInt(3) == 0) {
      drawn.multiplier = 2 + random.nextInt(3);
    }
    if (drawn.form != CaseParameters.Form.POINTWISE) {
      drawKernel(drawn, random);
    }
    // A separable convolution forbids padding of its pointwise stage only: the rest is as usual.
    drawStride(drawn, random);
    drawn.padding = padding(random);
    drawn.bias = random.nextBoolean();
    drawn.depthwiseBias = random.nextBoolean();
    drawn.activation = ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
    drawn.depthwiseActivation = ACTIVATIONS[random.nextInt(ACTIVATIONS.length)];
    drawn.residual = random.nextInt(4) == 0;
    if (random.nextInt(5) == 0) {
      drawReported(drawn, random);
    }
    return drawn;
  }

  /** The kinds that have kernels of their own since people reported them: {@code reports.txt}. */
  private static void drawReported(CaseParameters drawn, SplittableRandom random) {
    switch (random.nextInt(5)) {
      case 0 -> {
        drawn.form = CaseParameters.Form.POINTWISE;
        plain(drawn);
        drawn.batch = 1 + random.nextInt(6);
        drawn.height = 1;
        drawn.width = 1;
        drawn.inChannels = 1 + random.nextInt(80);
        drawn.outChannels = 1 + random.nextInt(80);
        drawn.padding = Padding.valid();
      }
      case 1 -> {
        drawn.form = CaseParameters.Form.DEPTHWISE;
        drawn.groups = 1;
        drawn.kernelH = 1 + random.nextInt(21);
        drawn.kernelW = 8 + random.nextInt(14);
        drawn.padding = Padding.same();
      }
      case 2 -> {
        drawn.form = CaseParameters.Form.DEPTHWISE;
        drawn.groups = 1;
        drawn.dilationH = 4 + random.nextInt(9);
        drawn.dilationW = 4 + random.nextInt(9);
        drawn.padding = Padding.same();
      }
      case 3 -> {
        drawn.form = CaseParameters.Form.GROUPED;
        drawn.multiplier = 1;
        drawn.groups = 2 + random.nextInt(7);
        drawn.inChannels = drawn.groups << 1 + random.nextInt(4);
        drawn.outChannels = drawn.inChannels;
      }
      default -> {
        drawn.form = CaseParameters.Form.STANDARD;
        drawn.groups = 1;
        drawn.multiplier = 1;
        drawn.height = 1 + random.nextInt(8);
        drawn.width = 20 + random.nextInt(60);
        drawn.inChannels = 1 + random.nextInt(4);
        drawn.outChannels = 1 + random.nextInt(4);
      }
    }
  }

  /** One group, one tap. */
  private static void plain(CaseParameters drawn) {
    drawn.groups = 1;
    drawn.multiplier = 1;
    drawn.kernelH = 1;
    drawn.kernelW = 1;
    drawn.dilationH = 1;
    drawn.dilationW = 1;
  }

  private static void drawKernel(CaseParameters drawn, SplittableRandom random) {
    // Most convolutions are 3 x 3 or 5 x 5, and so are the special kernels for them.
    int usual = random.nextInt(3) == 0 ? 5 : 3;
    boolean free = random.nextBoolean();
    drawn.kernelH = free ? 1 + random.nextInt(7) : usual;
    drawn.kernelW = free ? 1 + random.nextInt(7) : usual;
    if (random.nextInt(3) == 0) {
      drawn.dilationH = 1 + random.nextInt(3);
      drawn.dilationW = 1 + random.nextInt(3);
    }
  }

  private static void drawStride(CaseParameters drawn, SplittableRandom random) {
    switch (random.nextInt(4)) {
      case 0 -> {
        drawn.strideH = 2;
        drawn.strideW = 2;
      }
      case 1 -> {
        drawn.strideH = 1 + random.nextInt(4);
        drawn.strideW = 1 + random.nextInt(4);
      }
      default -> {}
    }
  }

  private static Padding padding(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> Padding.valid();
      case 1, 2 -> Padding.same();
      case 3 -> Padding.sameLower();
      case 4 -> Padding.of(1 + random.nextInt(3));
      default ->
          Padding.of(random.nextInt(5), random.nextInt(5), random.nextInt(5), random.nextInt(5));
    };
  }

  private static int channels(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> 1 + random.nextInt(3);
      case 1 -> 1 + random.nextInt(80);
      case 2 -> 8 * (1 + random.nextInt(6)) + random.nextInt(3) - 1; // around a vector's end
      default -> 1 + random.nextInt(20);
    };
  }

  private static Layout layout(SplittableRandom random) {
    return random.nextBoolean() ? Layout.NCHW : Layout.NHWC;
  }
}
