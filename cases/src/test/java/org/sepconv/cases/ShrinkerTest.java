package org.sepconv.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.SeparableConv2d;

class ShrinkerTest {

  private static String shrink(String line, Predicate<RandomCase> fails) {
    return shrink(line, Layout.NHWC, Layout.NCHW, fails);
  }

  private static String shrink(
      String line, Layout source, Layout destination, Predicate<RandomCase> fails) {
    RandomCase failing = new RandomCase(ShapeFile.parseLine(line), source, destination);
    assertTrue(fails.test(failing), "must fail to begin with");
    return Shrinker.shrink(failing, fails).toString();
  }

  private static final String LARGE_SEPARABLE =
      "x separable in=3x37x29x31 out=41 multiplier=3 kernel=5x7 stride=3x2 dilation=2x3 padding=4,5,6,7 bias=true activation=relu6/silu";

  private static final String LARGE_GROUPED =
      "x grouped in=3x36x29x31 out=24 groups=6 kernel=5x7 stride=3x2 dilation=2x3 padding=same bias=true activation=relu6";

  @Test
  void whatAlwaysFailsShrinksToOnePixel() {
    String smallest = "x pointwise in=1x1x1 out=1  # NCHW -> NCHW";
    assertEquals(smallest, shrink(LARGE_SEPARABLE, _ -> true));
    assertEquals(smallest, shrink(LARGE_GROUPED, _ -> true));
  }

  @Test
  void keepsJustTheParameterThatFails() {
    assertEquals(
        "x standard in=1x3x1 out=1 kernel=2x1 dilation=2x1  # NCHW -> NCHW",
        shrink(
            LARGE_SEPARABLE,
            random -> {
              Conv2d conv = firstStage(random);
              return conv.dilationH() > 1 && conv.kernelH() > 1;
            }));
    assertEquals(
        "x pointwise in=1x1x1 out=1 stride=1x2  # NCHW -> NCHW",
        shrink(LARGE_GROUPED, random -> firstStage(random).strideW() > 1));
  }

  @Test
  void keepsABoundExactly() {
    assertEquals(
        "x pointwise in=17x1x1 out=1  # NCHW -> NCHW",
        shrink(
            "x pointwise in=61x9x9 out=33 bias=true", random -> random.shape().input().c() >= 17));
    assertEquals(
        "x pointwise in=1x1x11 out=1  # NCHW -> NCHW",
        shrink(LARGE_GROUPED, random -> random.shape().input().w() >= 11));
  }

  @Test
  void findsTheSmallestOfManyTiles() {
    assertEquals(
        "x pointwise in=9x1x1 out=1  # NCHW -> NCHW",
        shrink(
            "x pointwise in=49x3x3 out=5",
            random -> random.shape().input().c() % 8 == 1 && random.shape().input().c() > 8));
  }

  @Test
  void keepsGroupsAndLayouts() {
    assertEquals(
        "x depthwise in=2x1x1 kernel=1  # NHWC -> NCHW",
        shrink(
            LARGE_GROUPED,
            random -> firstStage(random).groups() > 1 && random.source() != random.destination()));
    assertEquals(
        "x pointwise in=1x1x1 out=1  # NHWC -> NHWC",
        shrink(LARGE_GROUPED, random -> random.source() == Layout.NHWC));
  }

  @Test
  void keepsOneSideOfThePadding() {
    assertEquals(
        "x pointwise in=1x1x1 out=1 padding=0,0,3,0  # NCHW -> NCHW",
        shrink(
            LARGE_SEPARABLE,
            random ->
                firstStage(random).padding() instanceof Padding.Explicit sides
                    && sides.bottom() >= 3));
  }

  @Test
  void keepsBothStagesWhereItTakesBoth() {
    assertEquals(
        "x separable in=1x1x1 out=1 kernel=1 bias=depthwise  # NCHW -> NCHW",
        shrink(
            LARGE_SEPARABLE,
            random ->
                random.shape().convolution() instanceof SeparableConv2d separable
                    && separable.depthwise().bias()));
  }

  private static Conv2d firstStage(RandomCase random) {
    return switch (random.shape().convolution()) {
      case Conv2d conv -> conv;
      case SeparableConv2d separable -> separable.depthwise();
    };
  }
}
