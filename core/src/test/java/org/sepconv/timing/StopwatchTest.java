package org.sepconv.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  private static final long MILLI = 1_000_000;

  private long now;
  private long runs;
  private long nanosOfRun;

  /** The next runs take this much longer or shorter. */
  private long once;

  private final Stopwatch watch =
      new Stopwatch(
          () -> {
            now += nanosOfRun + once;
            once = 0;
            runs++;
          },
          () -> now);

  private List<Double> slice(long nanos, long length) {
    nanosOfRun = nanos;
    return watch.slice(length);
  }

  @Test
  void aSampleIsTheMeanOfAsManyRunsAsTheClockNeeds() {
    List<Double> samples = slice(1_000, MILLI);
    assertEquals(5, samples.size(), "of 200 runs each");
    samples.forEach(sample -> assertEquals(1e-6, sample, 1e-15));
    assertEquals(1 + 5 * 200, runs);
    assertEquals(now, watch.spentNanos());
  }

  @Test
  void theFirstRunDoesNotCountThoughItIsTheOnlyOneWithinTheSlice() {
    once = 10 * MILLI;
    assertEquals(List.of(2e-3), slice(2 * MILLI, 4 * MILLI));
    assertEquals(2, runs);
  }

  @Test
  void aLongFirstRunCounts() {
    assertEquals(List.of(20e-3), slice(20 * MILLI, 20 * MILLI));
    assertEquals(List.of(30e-3, 30e-3), slice(30 * MILLI, 40 * MILLI));
    assertEquals(80 * MILLI, watch.spentNanos());
    watch.startOver();
    assertEquals(0, watch.spentNanos());
  }

  @Test
  void aSampleIsLongEnoughThoughFirstRunsAreMuchLonger() {
    once = MILLI;
    slice(1_000, MILLI);
    once = MILLI;
    runs = 0;
    assertEquals(5, slice(1_000, 2 * MILLI).size());
    assertEquals(1 + 5 * 200, runs);
  }

  @Test
  void aClockThatStandsStillEndsIt() {
    List<Double> samples = slice(0, MILLI);
    assertEquals(1000, samples.size());
    assertTrue(samples.stream().allMatch(sample -> sample > 0));
  }

  @Test
  void isWarmOnceItHasNotBecomeFasterForLong() {
    assertFalse(watch.isSettled(0, 0), "nothing was run");
    slice(3 * MILLI, 10 * MILLI);
    assertTrue(watch.isSettled(0, 0));
    assertFalse(watch.isSettled(100 * MILLI, 0));
    now += 100 * MILLI;
    assertTrue(watch.isSettled(100 * MILLI, 0));
    assertFalse(watch.isSettled(100 * MILLI, 2), "it took no more turns");
    slice(2_900_000, 10 * MILLI);
    slice(3_500_000, 10 * MILLI);
    assertTrue(watch.isSettled(100 * MILLI, 2), "chance is neither faster nor slower");
    slice(2 * MILLI, 10 * MILLI);
    assertFalse(watch.isSettled(100 * MILLI, 0));
    watch.startOver();
    now += 100 * MILLI;
    assertTrue(watch.isSettled(100 * MILLI, 0), "starting over forgets only the time spent");
  }
}
