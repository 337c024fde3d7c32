package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Conv2dTest {

  @Test
  void startsAsOneByOneWithNothingElse() {
    Conv2d conv = Conv2d.of(3, 8).build();
    assertEquals(
        new Conv2d(3, 8, 1, 1, 1, 1, 1, 1, Padding.valid(), 1, false, false, Activation.NONE),
        conv);
  }

  @Test
  void builderSetsEveryParameter() {
    Conv2d conv =
        Conv2d.of(6, 8)
            .kernel(3, 5)
            .stride(2, 3)
            .dilation(4, 7)
            .padding(Padding.of(1, 2, 3, 4))
            .groups(2)
            .bias()
            .activation(Activation.SILU)
            .build();
    assertEquals(
        new Conv2d(6, 8, 3, 5, 2, 3, 4, 7, Padding.of(1, 2, 3, 4), 2, true, false, Activation.SILU),
        conv);
    assertEquals(conv, conv.toBuilder().build());
  }

  @Test
  void shorthandsMeanBothDirections() {
    Conv2d conv = Conv2d.of(6, 8).kernel(3).stride(2).dilation(4).padding(1).relu6().build();
    assertEquals(
        new Conv2d(6, 8, 3, 3, 2, 2, 4, 4, Padding.of(1), 1, false, false, Activation.RELU6), conv);
    assertEquals(Padding.same(), Conv2d.of(6, 8).same().build().padding());
    assertEquals(Activation.RELU, Conv2d.of(6, 8).relu().build().activation());
  }

  @ParameterizedTest(name = "{0} channels to {1}, kernel {2} x {3}, groups {4}: {5}")
  @CsvSource({
    "8, 16, 3, 3, 1, STANDARD",
    "8, 16, 1, 1, 1, POINTWISE",
    "8, 16, 1, 3, 1, STANDARD",
    "8, 16, 3, 1, 1, STANDARD",
    "8, 16, 3, 3, 2, GROUPED",
    "8, 16, 1, 1, 4, GROUPED",
    "8, 8, 3, 3, 8, DEPTHWISE",
    "8, 16, 3, 3, 8, DEPTHWISE",
    "8, 8, 1, 1, 8, DEPTHWISE",
    "1, 4, 3, 3, 1, STANDARD",
    "1, 1, 1, 1, 1, POINTWISE",
  })
  void kinds(int in, int out, int kernelH, int kernelW, int groups, KernelKind kind) {
    assertEquals(kind, Conv2d.of(in, out).kernel(kernelH, kernelW).groups(groups).build().kind());
  }

  @Test
  void namedCasesAreCasesOfTheOneConvolution() {
    assertEquals(
        Conv2d.of(8, 8).groups(8).kernel(3).build(), Conv2d.depthwise(8).kernel(3).build());
    assertEquals(
        Conv2d.of(8, 24).groups(8).kernel(3).build(), Conv2d.depthwise(8, 3).kernel(3).build());
    assertEquals(Conv2d.of(8, 24).build(), Conv2d.pointwise(8, 24).build());
  }

  @Test
  void derivedSizes() {
    Conv2d conv = Conv2d.of(6, 8).kernel(3, 5).dilation(4, 7).groups(2).build();
    assertEquals(3, conv.channelsPerGroup());
    assertEquals(4, conv.outputsPerGroup());
    assertEquals(9, conv.effectiveKernelH());
    assertEquals(29, conv.effectiveKernelW());
    assertEquals(8 * 3 * 3 * 5, conv.filterSize());
    assertEquals(3 * 3 * 5, conv.productsPerOutput());
    assertEquals(3, Conv2d.depthwise(5, 3).build().outputsPerGroup());
  }

  @ParameterizedTest
  @CsvSource({
    "0, input channels is 0",
    "1, output channels is 0",
    "2, kernel height is 0",
    "3, kernel width is 0",
    "4, vertical stride is 0",
    "5, horizontal stride is 0",
    "6, vertical dilation is 0",
    "7, horizontal dilation is 0",
    "8, groups is 0",
  })
  void everySizeIsPositive(int wrong, String message) {
    for (int value : new int[] {0, -1, Integer.MIN_VALUE}) {
      int[] s = {1, 1, 1, 1, 1, 1, 1, 1, 1};
      s[wrong] = value;
      Expect.refused(
          () ->
              new Conv2d(
                  s[0],
                  s[1],
                  s[2],
                  s[3],
                  s[4],
                  s[5],
                  s[6],
                  s[7],
                  Padding.valid(),
                  s[8],
                  false,
                  false,
                  Activation.NONE),
          message.replace("0", "" + value),
          "at least 1");
    }
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> Conv2d.of(1, 1).padding(null).build(), "padding");
    Expect.nullRefused(() -> Conv2d.of(1, 1).activation(null).build(), "activation");
    Expect.nullRefused(() -> Conv2d.of(1, 1).build().geometry(null), "input");
  }

  @Test
  void groupsDivideBothChannelCounts() {
    Expect.refused(() -> Conv2d.of(6, 8).groups(4).build(), "4 groups", "6 input channels");
    Expect.refused(() -> Conv2d.of(8, 6).groups(4).build(), "4 groups", "6 output channels");
    Expect.refused(() -> Conv2d.of(2, 8).groups(4).build(), "4 groups", "2 input channels");
  }

  @Test
  void productsThatOverflowAreRefused() {
    Expect.refused(() -> Conv2d.of(65536, 65536).build(), "number of filter values is 4294967296");
    Expect.refused(
        () -> Conv2d.of(1 << 15, 1 << 15).kernel(1 << 15).build(), "number of filter values");
    Expect.refused(
        () -> Conv2d.of(1, 1).kernel(3, 1).dilation(1 << 30).build(),
        "effective kernel height is 2147483649");
    Expect.refused(
        () -> Conv2d.of(1, 1).kernel(1, 3).dilation(Integer.MAX_VALUE).build(),
        "effective kernel width is 4294967295");
    Expect.refused(() -> Conv2d.depthwise(1 << 16, 1 << 16), "number of output channels");
    Expect.refused(() -> Conv2d.depthwise(0, 1), "input channels is 0");
    Expect.refused(() -> Conv2d.depthwise(1, 0), "depth multiplier is 0");
  }

  @Test
  void aSingleTapMayHaveAnyDilation() {
    Conv2d conv = Conv2d.of(1, 1).dilation(Integer.MAX_VALUE).build();
    assertEquals(1, conv.effectiveKernelH());
    assertEquals(Shape.of(1, 4, 4), conv.outputShape(Shape.of(1, 4, 4)));
  }

  @Test
  void withChangesOneThing() {
    Conv2d conv = Conv2d.of(6, 8).kernel(3, 5).stride(2, 3).groups(2).same().relu().build();
    assertEquals(conv.toBuilder().bias().build(), conv.withBias(true));
    assertEquals(conv, conv.withBias(true).withBias(false));
    assertEquals(Activation.SILU, conv.withActivation(Activation.SILU).activation());
    assertNotEquals(conv, conv.withActivation(Activation.SILU));
    assertEquals(conv, conv.withActivation(Activation.SILU).withActivation(Activation.RELU));
  }

  @Test
  void takesOneInput() {
    Conv2d conv = Conv2d.of(3, 8).kernel(3).build();
    assertEquals(1, conv.inputCount());
    assertEquals(List.of(Shape.of(8, 3, 4)), conv.outputShapes(List.of(Shape.of(3, 5, 6))));
    Expect.refused(() -> conv.outputShapes(List.of()), "1 input, not 0");
    Shape shape = Shape.of(3, 5, 6);
    Expect.refused(() -> conv.outputShapes(List.of(shape, shape)), "1 input, not 2");
  }

  @Test
  void takesAResidualOfTheOutputsShape() {
    Conv2d conv = Conv2d.of(3, 8).kernel(3).residual().relu().build();
    assertEquals(2, conv.inputCount());
    Shape in = Shape.of(3, 5, 6);
    Shape out = Shape.of(8, 3, 4);
    assertEquals(List.of(out), conv.outputShapes(List.of(in, out)));
    Expect.refused(() -> conv.outputShapes(List.of(in)), "with a residual takes 2 inputs, not 1");
    Expect.refused(
        () -> conv.outputShapes(List.of(in, Shape.of(8, 4, 3))),
        "the residual is 1x8x4x3",
        "the output, 1x8x3x4");
  }

  @Test
  void aResidualIsPartOfWhatItIs() {
    Conv2d plain = Conv2d.pointwise(8, 8).bias().relu().build();
    Conv2d adding = Conv2d.pointwise(8, 8).bias().residual().relu().build();
    assertNotEquals(plain, adding);
    assertEquals(adding, plain.withResidual(true));
    assertEquals(plain, adding.withResidual(false));
    assertEquals(adding, adding.toBuilder().build());
    assertEquals("pointwise 1x1 8->8 bias residual relu", adding.toString());
  }

  @Test
  void printsWhatIsUnusual() {
    assertEquals("pointwise 1x1 32->64", Conv2d.pointwise(32, 64).build().toString());
    assertEquals(
        "depthwise 3x3 64->64 stride 2 padding same bias relu6",
        Conv2d.depthwise(64).kernel(3).stride(2).same().bias().relu6().build().toString());
    assertEquals(
        "grouped 1x7 8->4 groups 2 stride 1x2 dilation 3 padding 0,3,0,3",
        Conv2d.of(8, 4)
            .kernel(1, 7)
            .groups(2)
            .stride(1, 2)
            .dilation(3)
            .padding(Padding.of(0, 3, 0, 3))
            .build()
            .toString());
  }

  @Test
  void theLargestKernel() {
    int most = Shape.MAX_ELEMENTS;
    Conv2d.Builder builder = Conv2d.of(1, 1).kernel(2, 1);
    assertEquals(most, builder.dilation(most - 1, 1).build().effectiveKernelH());
    Expect.refused(
        () -> builder.dilation(most, 1).build(), "effective kernel height is 2147483640");
  }
}
