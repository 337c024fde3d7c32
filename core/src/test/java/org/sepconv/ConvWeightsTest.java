package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvWeightsTest {

  @ParameterizedTest(name = "{0} to {1} channels, {2} x {3}, groups {4}")
  @CsvSource({"3, 8, 3, 3, 1", "4, 6, 2, 5, 2", "5, 7, 1, 1, 1", "6, 6, 3, 2, 6", "1, 1, 4, 1, 1"})
  void hwioIndexByIndex(int in, int out, int kernelH, int kernelW, int groups) {
    Conv2d conv = Conv2d.of(in, out).kernel(kernelH, kernelW).groups(groups).build();
    int channels = in / groups;
    float[] hwio = new float[kernelH * kernelW * channels * out];
    float[] expected = new float[hwio.length];
    for (int i = 0; i < kernelH; i++) {
      for (int j = 0; j < kernelW; j++) {
        for (int c = 0; c < channels; c++) {
          for (int o = 0; o < out; o++) {
            float value = 1000 * i + 100 * j + 10 * c + o;
            hwio[((i * kernelW + j) * channels + c) * out + o] = value;
            expected[((o * channels + c) * kernelH + i) * kernelW + j] = value;
          }
        }
      }
    }
    ConvWeights weights = ConvWeights.fromHwio(conv, hwio);
    assertArrayEquals(expected, weights.filter());
    assertEquals(Optional.empty(), weights.bias());
  }

  @ParameterizedTest(name = "{0} channels, multiplier {1}, {2} x {3}")
  @CsvSource({"5, 1, 3, 3", "4, 3, 2, 5", "1, 4, 3, 1"})
  void depthwiseHwcmIndexByIndex(int channels, int multiplier, int kernelH, int kernelW) {
    Conv2d conv = Conv2d.depthwise(channels, multiplier).kernel(kernelH, kernelW).build();
    float[] hwcm = new float[kernelH * kernelW * channels * multiplier];
    float[] expected = new float[hwcm.length];
    for (int i = 0; i < kernelH; i++) {
      for (int j = 0; j < kernelW; j++) {
        for (int c = 0; c < channels; c++) {
          for (int m = 0; m < multiplier; m++) {
            float value = 1000 * i + 100 * j + 10 * c + m;
            hwcm[((i * kernelW + j) * channels + c) * multiplier + m] = value;
            int o = c * multiplier + m;
            expected[(o * kernelH + i) * kernelW + j] = value;
          }
        }
      }
    }
    assertArrayEquals(expected, ConvWeights.fromDepthwiseHwcm(conv, hwcm).filter());
  }

  @Test
  void convertersRefuseAnotherLength() {
    Conv2d conv = Conv2d.of(4, 6).kernel(2, 5).groups(2).build();
    Expect.refused(
        () -> ConvWeights.fromHwio(conv, new float[119]), "119 values", "6x2x2x5", "needs 120");
    Conv2d depthwise = Conv2d.depthwise(4, 3).kernel(2).build();
    Expect.refused(
        () -> ConvWeights.fromDepthwiseHwcm(depthwise, new float[49]),
        "49 values",
        "12x1x2x2",
        "needs 48");
    Expect.refused(
        () -> ConvWeights.fromDepthwiseHwcm(conv, new float[120]),
        "not a depthwise convolution",
        conv.toString());
  }

  @Test
  void arraysAreCopiedInAndOut() {
    float[] filter = {1, 2};
    float[] bias = {3};
    ConvWeights weights = ConvWeights.of(filter, bias);
    ConvWeights other = ConvWeights.of(filter).withBias(bias);
    filter[0] = 9;
    bias[0] = 9;
    weights.filter()[1] = 9;
    weights.bias().orElseThrow()[0] = 9;
    weights.biasOrZeros(1)[0] = 9;
    for (ConvWeights unchanged : new ConvWeights[] {weights, other}) {
      assertArrayEquals(new float[] {1, 2}, unchanged.filter());
      assertArrayEquals(new float[] {3}, unchanged.bias().orElseThrow());
      assertArrayEquals(new float[] {3}, unchanged.biasOrZeros(1));
    }
    Conv2d conv = Conv2d.pointwise(1, 1).build();
    float[] hwio = {5};
    ConvWeights converted = ConvWeights.fromHwio(conv, hwio);
    hwio[0] = 9;
    assertArrayEquals(new float[] {5}, converted.filter());
  }

  @Test
  void withoutBiasThereAreZerosOnRequest() {
    assertArrayEquals(new float[3], ConvWeights.of(new float[] {1}).biasOrZeros(3));
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> ConvWeights.of(null), "filter");
    Expect.nullRefused(() -> ConvWeights.of(new float[1], null), "bias");
    Expect.nullRefused(() -> ConvWeights.of(new float[1]).checkMatches(null), "operation");
  }

  @Test
  void matchTheConvolutionTheyBelongTo() {
    Conv2d conv = Conv2d.of(2, 3).kernel(1, 2).build();
    ConvWeights.of(new float[12]).checkMatches(conv);
    ConvWeights.of(new float[12], new float[3]).checkMatches(conv.withBias(true));
    Expect.refused(
        () -> ConvWeights.of(new float[11]).checkMatches(conv),
        "filter has 11 values",
        "3x2x1x2",
        "needs 12");
    Expect.refused(
        () -> ConvWeights.of(new float[12], new float[3]).checkMatches(conv),
        "weights have a bias",
        "describe it with bias()");
    Expect.refused(
        () -> ConvWeights.of(new float[12]).checkMatches(conv.withBias(true)), "weights have none");
    Expect.refused(
        () -> ConvWeights.of(new float[12], new float[2]).checkMatches(conv.withBias(true)),
        "bias has 2 values",
        "3 output channels");
  }

  @Test
  void singleAndSeparableWeightsAreNotMixed() {
    SeparableConv2d separable = SeparableConv2d.of(2, 3).bias(true, false).build();
    ConvWeights depthwise = ConvWeights.of(new float[18], new float[2]);
    ConvWeights pointwise = ConvWeights.of(new float[6]);
    SeparableWeights both = new SeparableWeights(depthwise, pointwise);
    both.checkMatches(separable);
    Expect.refused(
        () -> depthwise.checkMatches(separable), "single convolution", "SeparableWeights");
    Expect.refused(
        () -> both.checkMatches(separable.depthwise()), "not a separable convolution", "depthwise");
    Expect.refused(
        () -> new SeparableWeights(depthwise, ConvWeights.of(new float[5])).checkMatches(separable),
        "5 values",
        "3x2x1x1");
    Expect.refused(
        () -> new SeparableWeights(pointwise, depthwise).checkMatches(separable), "2x1x3x3");
    Expect.nullRefused(() -> new SeparableWeights(null, pointwise), "depthwise");
    Expect.nullRefused(() -> new SeparableWeights(depthwise, null), "pointwise");
  }

  @Test
  void someOperationsHaveNone() {
    Binary add = Binary.add();
    Weights.none().checkMatches(add);
    Weights.none().checkMatches(Reduce.globalAveragePool());
    Conv2d conv = Conv2d.pointwise(1, 1).build();
    Expect.refused(() -> Weights.none().checkMatches(conv), "no weights given for " + conv);
    Expect.nullRefused(() -> Weights.none().checkMatches(null), "");
    ConvWeights one = ConvWeights.of(new float[1]);
    Expect.refused(() -> one.checkMatches(add), "given for: add");
    Expect.refused(() -> new SeparableWeights(one, one).checkMatches(add), "add");
  }

  @Test
  void areEqualByValue() {
    ConvWeights weights = ConvWeights.of(new float[] {1, Float.NaN}, new float[] {3});
    ConvWeights same = ConvWeights.of(new float[] {1, Float.NaN}, new float[] {3});
    assertEquals(weights, same);
    assertEquals(weights.hashCode(), same.hashCode());
    assertNotEquals(weights, ConvWeights.of(new float[] {1, Float.NaN}));
    assertNotEquals(weights, ConvWeights.of(new float[] {1, 2}, new float[] {3}));
    assertTrue(weights.toString().contains("2 filter values, 1 bias values"));
  }
}
