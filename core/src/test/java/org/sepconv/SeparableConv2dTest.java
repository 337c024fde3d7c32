package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeparableConv2dTest {

  @Test
  void aMobileNetBlockIsOneLine() {
    SeparableConv2d block = SeparableConv2d.of(32, 64).stride(2).same().bias().relu6().build();
    assertEquals(
        Conv2d.depthwise(32).kernel(3).stride(2).same().bias().relu6().build(), block.depthwise());
    assertEquals(Conv2d.pointwise(32, 64).bias().relu6().build(), block.pointwise());
    assertEquals(Shape.of(64, 56, 56), block.outputShape(Shape.of(32, 112, 112)));
    assertEquals(32, block.inChannels());
    assertEquals(64, block.outChannels());
  }

  @Test
  void builderSetsEveryParameter() {
    SeparableConv2d block =
        SeparableConv2d.of(4, 6)
            .kernel(5, 3)
            .stride(2, 1)
            .dilation(1, 2)
            .padding(Padding.of(1, 2, 3, 4))
            .depthMultiplier(3)
            .bias(true, false)
            .activation(Activation.SILU, Activation.NONE)
            .build();
    assertEquals(
        new Conv2d(
            4, 12, 5, 3, 2, 1, 1, 2, Padding.of(1, 2, 3, 4), 4, true, false, Activation.SILU),
        block.depthwise());
    assertEquals(Conv2d.pointwise(12, 6).build(), block.pointwise());
    assertEquals(
        Conv2d.pointwise(4, 6).bias().build(),
        SeparableConv2d.of(4, 6).bias(false, true).build().pointwise());
  }

  @Test
  void stagesMustFit() {
    Conv2d depthwise = Conv2d.depthwise(8).kernel(3).build();
    Conv2d pointwise = Conv2d.pointwise(8, 16).build();
    Expect.nullRefused(() -> new SeparableConv2d(null, pointwise), "depthwise");
    Expect.nullRefused(() -> new SeparableConv2d(depthwise, null), "pointwise");
    Expect.refused(
        () -> new SeparableConv2d(Conv2d.of(8, 8).kernel(3).groups(2).build(), pointwise),
        "2 groups",
        "input channels, 8");
    Expect.refused(
        () -> new SeparableConv2d(depthwise, Conv2d.pointwise(16, 8).build()),
        "gives 8 channels",
        "expects 16");
  }

  @Test
  void thePointwiseStageIsPlain() {
    Conv2d depthwise = Conv2d.depthwise(8).kernel(3).build();
    for (Conv2d wrong :
        new Conv2d[] {
          Conv2d.of(8, 16).kernel(3).build(),
          Conv2d.of(8, 16).groups(2).build(),
          Conv2d.of(8, 16).stride(1, 2).build(),
          Conv2d.of(8, 16).stride(2, 1).build(),
          Conv2d.of(8, 16).padding(1).build(),
          Conv2d.of(8, 16).padding(Padding.of(0, 0, 0, 1)).build(),
        }) {
      Expect.refused(
          () -> new SeparableConv2d(depthwise, wrong), "pointwise stage", wrong.toString());
    }
    // SAME adds nothing to a 1 x 1 kernel.
    new SeparableConv2d(depthwise, Conv2d.of(8, 16).same().build());
  }

  @Test
  void buildersNameTheWrongValue() {
    Expect.refused(() -> SeparableConv2d.of(0, 4).build(), "input channels is 0");
    Expect.refused(() -> SeparableConv2d.of(4, -1).build(), "output channels is -1");
    Expect.refused(
        () -> SeparableConv2d.of(4, 4).depthMultiplier(0).build(), "depth multiplier is 0");
    Expect.refused(() -> SeparableConv2d.of(4, 4).kernel(0, 1).build(), "kernel height is 0");
    Expect.nullRefused(() -> SeparableConv2d.of(4, 4).padding(null).build(), "padding");
    Expect.nullRefused(() -> SeparableConv2d.of(4, 4).activation(null).build(), "activation");
  }

  @Test
  void theEquivalentStandardConvolutionSpansTheSameInput() {
    SeparableConv2d block =
        SeparableConv2d.of(4, 6)
            .kernel(5, 3)
            .stride(2, 1)
            .dilation(1, 2)
            .padding(Padding.of(1, 2, 3, 4))
            .depthMultiplier(3)
            .bias(false, true)
            .activation(Activation.SILU, Activation.RELU)
            .build();
    Conv2d standard = block.equivalentStandard();
    assertEquals(
        new Conv2d(4, 6, 5, 3, 2, 1, 1, 2, Padding.of(1, 2, 3, 4), 1, true, false, Activation.RELU),
        standard);
    Shape input = Shape.of(4, 20, 20);
    assertEquals(standard.outputShape(input), block.outputShape(input));
  }

  @Test
  void oneChannelIsDepthwiseToo() {
    SeparableConv2d block = SeparableConv2d.of(1, 4).depthMultiplier(2).build();
    assertEquals(2, block.depthwise().outChannels());
    assertEquals("separable [depthwise 3x3 1->2 + pointwise 1x1 2->4]", block.toString());
  }

  @Test
  void printsBothStages() {
    assertEquals(
        "separable [depthwise 3x3 32->32 stride 2 padding same relu6 + pointwise 1x1 32->64 relu6]",
        SeparableConv2d.of(32, 64).stride(2).same().relu6().build().toString());
  }

  @Test
  void thePointwiseStageAddsAResidual() {
    SeparableConv2d block =
        SeparableConv2d.of(4, 4)
            .same()
            .bias()
            .residual()
            .activation(Activation.RELU6, Activation.NONE)
            .build();
    assertTrue(block.residual());
    assertFalse(block.depthwise().residual());
    assertTrue(block.pointwise().residual());
    assertTrue(block.equivalentStandard().residual());
    assertEquals(2, block.inputCount());
    assertEquals("pointwise 1x1 4->4 bias residual]", block.toString().split("[+] ")[1]);
    Expect.refused(
        () -> new SeparableConv2d(block.depthwise().withResidual(true), block.pointwise()),
        "depthwise stage adds a residual");
  }

  @Test
  void activationsAreThoseOfBothStages() {
    SeparableConv2d block =
        SeparableConv2d.of(4, 6).activation(Activation.RELU6, Activation.SILU).build();
    assertEquals(List.of(Activation.RELU6, Activation.SILU), block.activations());
  }

  @Test
  void twoConvolutionsAreJoinedIfTheyAreOne() {
    Conv2d depthwise = Conv2d.depthwise(4).kernel(3).same().build();
    Conv2d pointwise = Conv2d.pointwise(4, 6).build();
    assertEquals(
        Optional.of(new SeparableConv2d(depthwise, pointwise)),
        SeparableConv2d.joining(depthwise, pointwise));
    Activate relu = new Activate(Activation.RELU);
    for (Operation first :
        List.of(relu, depthwise.withResidual(true), Conv2d.of(4, 4).kernel(3).build())) {
      assertEquals(Optional.empty(), SeparableConv2d.joining(first, pointwise), first.toString());
    }
    for (Operation second :
        List.of(
            relu,
            Conv2d.of(4, 4).kernel(3).build(),
            Conv2d.pointwise(4, 6).stride(2).build(),
            Conv2d.pointwise(4, 6).padding(1).build())) {
      assertEquals(Optional.empty(), SeparableConv2d.joining(depthwise, second), second.toString());
    }
  }
}
