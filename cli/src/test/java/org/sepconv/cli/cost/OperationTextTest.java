package org.sepconv.cli.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

class OperationTextTest {

  @Test
  void convolutionsHaveTheirWindows() {
    assertEquals("pointwise 1x1", OperationText.brief(Conv2d.pointwise(8, 4).build()));
    assertEquals(
        "separable 3x3/2", OperationText.brief(SeparableConv2d.of(8, 4).stride(2).build()));
  }

  @Test
  void whatOneKernelComputesIsBoth() {
    Graph gated =
        Graph.builder("projected")
            .input("x", Shape.of(8, 7, 7))
            .input("gate", Shape.of(8, 1, 1))
            .add("scaled", Binary.multiply(), "x", "gate")
            .add("projected", Conv2d.pointwise(8, 4).build())
            .build();
    assertEquals("multiply, pointwise 1x1", OperationText.brief(gated));
  }
}
