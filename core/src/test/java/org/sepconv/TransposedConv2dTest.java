package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TransposedConv2dTest {
  private static final TransposedConv2d FULL =
      TransposedConv2d.of(6, 4)
          .kernel(3, 5)
          .stride(2, 3)
          .dilation(3, 2)
          .padding(new Padding.Explicit(1, 2, 3, 4))
          .outputPadding(1, 2)
          .groups(2)
          .bias()
          .activation(Activation.RELU)
          .build();

  @Test
  void theOutputIsWhatPyTorchSays() {
    // (H - 1) stride - padding + dilation (K - 1) + 1 + output padding
    Padding.Explicit padding = FULL.padding();
    int height = 6 * 2 - padding.top() - padding.bottom() + 3 * 2 + 1 + 1;
    int width = 7 * 3 - padding.left() - padding.right() + 2 * 4 + 1 + 2;
    assertEquals(
        List.of(new Shape(2, 4, height, width)), FULL.outputShapes(List.of(new Shape(2, 6, 7, 8))));
  }

  @Test
  void whereValuesGo() {
    assertEquals(4 * 2 - FULL.padding().top() + 2 * 3, FULL.outputRow(4, 2));
    assertEquals(5 * 3 - FULL.padding().left() + 3 * 2, FULL.outputColumn(5, 3));
  }

  @Test
  void countsOfTheFilter() {
    assertEquals(3, FULL.channelsPerGroup());
    assertEquals(2, FULL.outputsPerGroup());
    assertEquals(6 * 2 * 3 * 5, FULL.filterSize());
    // Of 3 rows every second meets, of 5 columns every third.
    assertEquals(3 * 2 * 2, FULL.productsPerOutput());
    TransposedConv2d even = TransposedConv2d.of(1, 1).kernel(4).stride(4).dilation(2).build();
    assertEquals(2 * 2, even.productsPerOutput());
  }

  @Test
  void saysWhatItIs() {
    assertEquals(
        "transposed 3x5 6->4 groups 2 stride 2x3 dilation 3x2 padding %s output padding 1x2 bias relu"
            .formatted(FULL.padding()),
        FULL.toString());
    assertEquals("transposed 1x1 6->4 stride 1x1", TransposedConv2d.of(6, 4).build().toString());
    assertEquals(
        "transposed 1x1 6->4 stride 2x1 dilation 1x2 output padding 1x0",
        TransposedConv2d.of(6, 4)
            .stride(2, 1)
            .dilation(1, 2)
            .outputPadding(1, 0)
            .build()
            .toString());
    assertEquals(
        "transposed 1x1 6->4 stride 1x2 dilation 2x1 output padding 0x1",
        TransposedConv2d.of(6, 4)
            .stride(1, 2)
            .dilation(2, 1)
            .outputPadding(0, 1)
            .build()
            .toString());
  }

  @Test
  void copiesKeepEverythingElse() {
    assertEquals(FULL, FULL.withBias(false).withBias(true));
    assertEquals(FULL, FULL.withActivation(Activation.NONE).withActivation(Activation.RELU));
    assertEquals(List.of(Activation.RELU), FULL.activations());
    assertEquals(KernelKind.TRANSPOSED, FULL.kind());
  }

  @Test
  void outputPaddingIsLessThanTheStrideOrTheDilation() {
    TransposedConv2d.Builder builder = TransposedConv2d.of(1, 1).stride(2, 1).dilation(1, 3);
    assertEquals(1, builder.outputPadding(1, 2).build().outputPaddingH());
    Expect.refused(
        () -> builder.outputPadding(2, 0).build(), "vertical output padding is 2", "0 to 1");
    Expect.refused(
        () -> builder.outputPadding(0, 3).build(), "horizontal output padding is 3", "0 to 2");
    Expect.refused(() -> builder.outputPadding(-1, 0).build(), "vertical output padding is -1");
    Expect.refused(() -> builder.outputPadding(0, -1).build(), "horizontal output padding is -1");
  }

  @Test
  void onePixelIsTheLeast() {
    List<Shape> image = List.of(Shape.of(1, 5, 9));
    TransposedConv2d.Builder builder = TransposedConv2d.of(1, 1);
    assertEquals(
        List.of(Shape.of(1, 1, 9)),
        builder.padding(new Padding.Explicit(2, 0, 2, 0)).build().outputShapes(image));
    TransposedConv2d nothing = builder.padding(new Padding.Explicit(2, 0, 3, 0)).build();
    Expect.refused(() -> nothing.outputShapes(image), "of a height of 5 the padding leaves out 5");
    TransposedConv2d narrow = builder.padding(new Padding.Explicit(0, 4, 0, 5)).build();
    Expect.refused(() -> narrow.outputShapes(image), "of a width of 9 the padding leaves out 9");
  }

  @Test
  void itHasWeights() {
    assertTrue(FULL.hasWeights());
  }
}
