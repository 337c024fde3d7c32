package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class AddTest {
  private static final Shape SHAPE = new Shape(2, 3, 4, 5);

  @Test
  void keepsTheShape() {
    assertEquals(2, new Add().inputCount());
    assertEquals(List.of(SHAPE), new Add().outputShapes(List.of(SHAPE, SHAPE)));
  }

  @Test
  void mayTakeThePlaceOfEitherInput() {
    assertTrue(new Add().mayReplace(0));
    assertTrue(new Add().mayReplace(1));
    assertEquals(KernelKind.ELEMENTWISE, new Add().kind());
    assertEquals(
        List.of("input 0", "input 1"), List.of(new Add().inputName(0), new Add().inputName(1)));
  }

  @Test
  void takesTwoInputsOfOneShape() {
    Expect.refused(() -> new Add().outputShapes(List.of()), "2 inputs");
    Expect.refused(() -> new Add().outputShapes(List.of(SHAPE)), "2 inputs");
    Expect.refused(() -> new Add().outputShapes(List.of(SHAPE, SHAPE, SHAPE)), "2 inputs");
    Expect.refused(
        () -> new Add().outputShapes(List.of(SHAPE, new Shape(2, 3, 5, 4))),
        "one shape",
        "2x3x4x5",
        "2x3x5x4");
  }
}
