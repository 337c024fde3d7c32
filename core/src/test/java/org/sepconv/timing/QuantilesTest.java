package org.sepconv.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Expect;

class QuantilesTest {

  @Test
  void areLinearBetweenTwoNumbers() {
    List<Double> values = List.of(5.0, 1.0, 4.0, 2.0, 3.0);
    assertEquals(3, Quantiles.median(values));
    assertEquals(1.4, Quantiles.of(values, 0.1), 1e-12);
    assertEquals(4.6, Quantiles.of(values, 0.9), 1e-12);
    assertEquals(1, Quantiles.of(values, 0));
    assertEquals(5, Quantiles.of(values, 1));
    assertEquals(2.5, Quantiles.median(List.of(4.0, 1.0, 2.0, 3.0)));
    assertEquals(7, Quantiles.of(List.of(7.0), 0.9));
  }

  @Test
  void areNotOfNothing() {
    Expect.failure(IllegalArgumentException.class, () -> Quantiles.median(List.of()), "no numbers");
  }
}
