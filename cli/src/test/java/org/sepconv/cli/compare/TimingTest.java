package org.sepconv.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.sepconv.cli.text.Numbers;

class TimingTest {

  @Test
  void quantilesAreLinearBetweenSamples() {
    Timing timing = Timing.of(new double[] {5, 1, 4, 2, 3});
    assertEquals(5, timing.samples());
    assertEquals(3, timing.medianSeconds());
    assertEquals(1.4, timing.p10Seconds(), 1e-12);
    assertEquals(4.6, timing.p90Seconds(), 1e-12);
    assertEquals(1.5, Timing.of(new double[] {2, 1}).medianSeconds());
    assertEquals(new Timing(1, 7, 7, 7), Timing.of(new double[] {7}));
  }

  @Test
  void significantDigits() {
    assertEquals("0.0123", Numbers.significant(0.012345));
    assertEquals("1.23", Numbers.significant(1.2345));
    assertEquals("1,235", Numbers.significant(1234.5678));
    assertEquals("0", Numbers.significant(0));
  }
}
