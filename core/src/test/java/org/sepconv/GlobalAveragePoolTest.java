package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalAveragePoolTest {

  @Test
  void leavesOnePixelOfEachChannel() {
    GlobalAveragePool pool = new GlobalAveragePool();
    assertEquals(1, pool.inputCount());
    assertEquals(new Shape(2, 5, 1, 1), pool.outputShape(List.of(new Shape(2, 5, 7, 3))));
  }

  @Test
  void takesOneInput() {
    Shape shape = Shape.of(1, 1, 1);
    Expect.refused(() -> new GlobalAveragePool().outputShape(List.of()), "1 input, not 0");
    Expect.refused(
        () -> new GlobalAveragePool().outputShape(List.of(shape, shape)), "1 input, not 2");
  }
}
