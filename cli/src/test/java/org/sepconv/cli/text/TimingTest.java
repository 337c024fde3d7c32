package org.sepconv.cli.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimingTest {

  @Test
  void isTheMiddleAndATenthOnEachSide() {
    Timing timing = Timing.of(List.of(5.0, 1.0, 4.0, 2.0, 3.0));
    assertEquals(5, timing.samples());
    assertEquals(3, timing.medianSeconds());
    assertEquals(1.4, timing.p10Seconds(), 1e-12);
    assertEquals(4.6, timing.p90Seconds(), 1e-12);
    assertEquals(new Timing(1, 7, 7, 7), Timing.of(List.of(7.0)));
  }

  @Test
  void significantDigits() {
    assertEquals("0.0123", Numbers.significant(0.012345));
    assertEquals("1.23", Numbers.significant(1.2345));
    assertEquals("1,235", Numbers.significant(1234.5678));
    assertEquals("0", Numbers.significant(0));
  }
}
