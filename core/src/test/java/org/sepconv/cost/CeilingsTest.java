package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Activation;
import org.sepconv.Expect;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.Ceilings.Level;

class CeilingsTest {

  /** A launch hides the first size, and the third lies on the way from one cache to the next. */
  private static final Ceilings CEILINGS =
      ceilings(
          new Bandwidth(1_000, 40e9),
          new Bandwidth(10_000, 100e9),
          new Bandwidth(100_000, 90e9),
          new Bandwidth(200_000, 55e9),
          new Bandwidth(400_000, 30e9),
          new Bandwidth(1_000_000, 28e9),
          new Bandwidth(10_000_000, 10e9));

  private static Ceilings ceilings(Bandwidth... bandwidths) {
    return new Ceilings(1e-6, 1e11, List.of(bandwidths));
  }

  @Test
  void bandwidthIsEvenBetweenSizesInTheLogarithms() {
    assertEquals(1 / 90e9, CEILINGS.secondsPerByte(100_000), 1e-20);
    assertEquals(1 / Math.sqrt(28e9 * 10e9), CEILINGS.secondsPerByte(Math.sqrt(1e6 * 1e7)), 1e-20);
  }

  @Test
  void beyondTheMeasuredSizesItIsThatOfTheNearest() {
    assertEquals(1 / 10e9, CEILINGS.secondsPerByte(1e12), 1e-20);
    assertEquals(1 / 100e9, CEILINGS.secondsPerByte(0), 1e-20);
  }

  @Test
  void fewBytesAreNoSlowerThanMany() {
    assertEquals(1 / 100e9, CEILINGS.secondsPerByte(1_000), 1e-20);
  }

  @Test
  void sizesOfAboutOneBandwidthAreALevel() {
    assertEquals(
        List.of(
            new Level("cache 1", 200_000, 100e9),
            new Level("cache 2", 1_000_000, 30e9),
            new Level("memory", 10_000_000, 10e9)),
        CEILINGS.levels());
    assertEquals("cache 1", CEILINGS.level(1));
    assertEquals("cache 1", CEILINGS.level(200_000));
    assertEquals("cache 2", CEILINGS.level(200_001));
    assertEquals("memory", CEILINGS.level(1e12));
  }

  @Test
  void oneBandwidthIsTheMemorys() {
    assertEquals(
        List.of(new Level("memory", 2_000, 10e9)),
        ceilings(new Bandwidth(1_000, 10e9), new Bandwidth(2_000, 9e9)).levels());
  }

  @Test
  void senselessNumbersAreRefused() {
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      Expect.refused(() -> new Bandwidth(1, wrong), "bandwidth of 1 bytes is " + wrong);
      Expect.refused(
          () -> new Ceilings(0, wrong, List.of(new Bandwidth(1, 1))), "peak is " + wrong);
    }
    Expect.refused(() -> new Bandwidth(0, 1), "0 bytes");
    Expect.refused(
        () -> new Ceilings(-1, 1, List.of(new Bandwidth(1, 1))), "launch overhead is -1");
    Expect.refused(() -> ceilings(), "no bandwidth");
    Expect.refused(
        () -> ceilings(new Bandwidth(5, 1), new Bandwidth(5, 1)),
        "of 5 bytes comes after that of 5");
  }

  @Test
  void weightsComeFromWhereAllOfThemLie() {
    Ceilings ceilings =
        new Ceilings(
            0,
            1,
            List.of(new Bandwidth(1, 5)),
            List.of(new Bandwidth(1_000_000, 100e9), new Bandwidth(4_000_000, 25e9)),
            Map.of("Silu", 2e-9));
    assertEquals(1 / 100e9, ceilings.weightSecondsPerByte(500), 1e-20);
    assertEquals(1 / 50e9, ceilings.weightSecondsPerByte(2_000_000), 1e-20);
    assertEquals(1 / 25e9, ceilings.weightSecondsPerByte(1e9), 1e-20);
    assertEquals(6e-9, ceilings.seconds(Ceilings.name(new Activation.Silu()), 3), 1e-20);
    assertEquals(0, ceilings.seconds(Ceilings.name(new Activation.Gelu()), 3));
    assertEquals(1.0 / 5, new Ceilings(0, 1, ceilings.bandwidths()).weightSecondsPerByte(9), 1e-20);
    Expect.refused(
        () -> new Ceilings(0, 1, ceilings.bandwidths(), List.of(), Map.of("Silu", Double.NaN)),
        "Silu takes NaN s");
  }

  @Test
  void aSizeOnASlopeIsNoLevelOfItsOwn() {
    // Twice 200 bytes have less than 3/4 of its bandwidth; nothing of twice 300 bytes is known.
    assertEquals(
        List.of(new Level("cache 1", 200, 100e9), new Level("memory", 400, 50e9)),
        ceilings(
                new Bandwidth(100, 100e9),
                new Bandwidth(200, 55e9),
                new Bandwidth(300, 50e9),
                new Bandwidth(400, 30e9)) // 0.6 of it: still the same level
            .levels());
    // Of 400 bytes exactly 3/4 is left: no slope.
    assertEquals(
        List.of(new Level("cache 1", 100, 100e9), new Level("memory", 400, 40e9)),
        ceilings(new Bandwidth(100, 100e9), new Bandwidth(200, 40e9), new Bandwidth(400, 30e9))
            .levels());
  }

  @Test
  void weightsAndOperationsAreCheckedToo() {
    List<Bandwidth> one = List.of(new Bandwidth(1, 1));
    Expect.refused(
        () -> new Ceilings(0, 1, one, List.of(new Bandwidth(7, 1), new Bandwidth(6, 1)), Map.of()),
        "of 6 bytes comes after that of 7");
    assertEquals(0, new Ceilings(0, 1, one, List.of(), Map.of("Silu", 0.0)).seconds("Silu", 9));
    for (double wrong : new double[] {-1e-9, Double.POSITIVE_INFINITY}) {
      Expect.refused(
          () -> new Ceilings(0, 1, one, List.of(), Map.of("Silu", wrong)),
          "Silu takes " + wrong + " s");
    }
  }
}
