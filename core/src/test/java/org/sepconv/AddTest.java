package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddTest {
  private static final Shape SHAPE = new Shape(2, 3, 4, 5);

  @Test
  void keepsTheShape() {
    assertEquals(2, new Add().inputCount());
    assertEquals(SHAPE, new Add().outputShape(List.of(SHAPE, SHAPE)));
  }

  @Test
  void takesTwoInputsOfOneShape() {
    Expect.refused(() -> new Add().outputShape(List.of()), "2 inputs");
    Expect.refused(() -> new Add().outputShape(List.of(SHAPE)), "2 inputs");
    Expect.refused(() -> new Add().outputShape(List.of(SHAPE, SHAPE, SHAPE)), "2 inputs");
    Expect.refused(
        () -> new Add().outputShape(List.of(SHAPE, new Shape(2, 3, 5, 4))),
        "one shape",
        "2x3x4x5",
        "2x3x5x4");
  }
}
