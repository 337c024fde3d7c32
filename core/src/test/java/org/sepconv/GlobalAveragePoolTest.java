package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalAveragePoolTest {

  @Test
  void leavesOnePixelOfEachChannel() {
    GlobalAveragePool pool = new GlobalAveragePool();
    assertEquals(1, pool.inputCount());
    assertEquals(KernelKind.POOLING, pool.kind());
    assertFalse(pool.mayReplace(0));
    assertEquals(List.of(new Shape(2, 5, 1, 1)), pool.outputShapes(List.of(new Shape(2, 5, 7, 3))));
  }

  @Test
  void takesOneInput() {
    Shape shape = Shape.of(1, 1, 1);
    Expect.refused(() -> new GlobalAveragePool().outputShapes(List.of()), "1 input, not 0");
    Expect.refused(
        () -> new GlobalAveragePool().outputShapes(List.of(shape, shape)), "1 input, not 2");
  }
}
