package org.sepconv.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Padding;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.cost.Cost;

class RandomCasesTest {
  private static final int CASES = 2_000;

  private static List<RandomCase> cases(long seed) {
    List<RandomCase> cases = new ArrayList<>();
    for (int i = 0; i < CASES; i++) {
      cases.add(RandomCases.of(seed, i));
    }
    return cases;
  }

  @Test
  void areTheSameForTheSameSeed() {
    assertEquals(cases(7), cases(7));
    assertNotEquals(cases(7), cases(8));
  }

  @Test
  void areSmallAndReadBackFromTheirText() {
    for (RandomCase random : cases(1)) {
      ShapeCase shape = random.shape();
      assertTrue(
          Cost.of(shape.convolution(), shape.input()).macs() <= RandomCases.MAX_MACS,
          random::toString);
      assertEquals(shape, ShapeFile.parseLine(shape.toString()));
    }
  }

  /** Each kind and each unusual value comes up often enough to be found in a few hundred cases. */
  @Test
  void coverEveryParameter() {
    Map<String, Integer> counts = new TreeMap<>();
    for (RandomCase random : cases(1)) {
      count(counts, random.source() + " to " + random.destination());
      Convolution convolution = random.shape().convolution();
      if (convolution.residual()) {
        count(counts, "residual");
      }
      Shape input = random.shape().input();
      if (input.n() > 1) {
        count(counts, "batch");
      }
      if (input.h() == 1 && input.w() == 1 && convolution instanceof Conv2d) {
        count(counts, "one pixel");
      }
      if (input.c() <= 4 && convolution.outChannels() <= 4 && input.w() >= 20) {
        count(counts, "picture");
      }
      switch (convolution) {
        case Conv2d conv -> {
          count(counts, conv.kind().toString());
          countParameters(counts, conv);
        }
        case SeparableConv2d separable -> {
          count(counts, "SEPARABLE");
          countParameters(counts, separable.depthwise());
          countParameters(counts, separable.pointwise());
        }
      }
    }
    assertEquals(40, counts.size(), counts::toString);
    counts.forEach((what, count) -> assertTrue(count >= CASES / 50, what + ": " + count));
  }

  private static void countParameters(Map<String, Integer> counts, Conv2d conv) {
    count(counts, "activation " + conv.activation());
    if (conv.bias()) {
      count(counts, "bias");
    }
    if (conv.groups() == conv.inChannels() && conv.outputsPerGroup() > 1 && conv.groups() > 1) {
      count(counts, "multiplier");
    }
    if (conv.kernelW() > 7) {
      count(counts, "large kernel");
    }
    if (conv.dilationW() > 3) {
      count(counts, "far dilation");
    }
    if (conv.groups() > 1
        && conv.channelsPerGroup() % 2 == 0
        && conv.channelsPerGroup() == conv.outputsPerGroup()) {
      count(counts, "groups of 2, 4, 8 or 16");
    }
    if (conv.kernelH() != conv.kernelW()) {
      count(counts, "kernel not square");
    }
    if (conv.kernelH() % 2 == 0) {
      count(counts, "even kernel");
    }
    if (conv.strideH() != conv.strideW()) {
      count(counts, "strides differ");
    }
    if (conv.strideH() > conv.kernelH()) {
      count(counts, "stride beyond kernel");
    }
    if (conv.dilationH() > 1 && conv.kernelH() > 1) {
      count(counts, "dilation");
    }
    count(counts, "padding " + conv.padding().getClass().getSimpleName());
    if (conv.padding() instanceof Padding.Explicit sides && !sides.symmetric()) {
      count(counts, "padding not symmetric");
    }
    if (conv.padding() == Padding.sameLower()) {
      count(counts, "padding same_lower");
    }
  }

  private static void count(Map<String, Integer> counts, String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
