package org.sepconv.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;

class CompareCommandTest {
  private static final String[] SMALL = {
    "compare", "--in", "4x6x5", "--out", "8", "--time", "0.001"
  };

  private static String[] small(String... more) {
    String[] all = Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, all, SMALL.length, more.length);
    return all;
  }

  @Test
  void runsOnTheBackendsOfTheClassPath() {
    JsonNode json = Ran.sepconv(small("--json", "-")).expectStatus(0).json();
    assertTrue(json.get("passed").asBoolean());
    // Two for each device on the class path, cpu first.
    int results = json.get("results").size();
    assertTrue(results >= 2 && results % 2 == 0, results + " results");
    JsonNode standard = json.at("/results/0");
    JsonNode separable = json.at("/results/1");
    assertEquals("cpu", standard.get("device").asString());
    assertEquals("OK", separable.get("verdict").asString());
    double standardMedian = standard.at("/timing/medianSeconds").asDouble();
    double median = separable.at("/timing/medianSeconds").asDouble();
    assertTrue(median > 0 && standardMedian > 0);
    assertEquals(standardMedian / median, separable.get("speedup").asDouble(), 1e-9);
    assertEquals(9.0 * 8 / (9 + 8), separable.get("promisedSpeedup").asDouble(), 1e-9);
    double flops = 2.0 * 4 * 30 * (9 + 8);
    assertEquals(flops / median / 1e9, separable.get("gflops").asDouble(), 1e-9);
    assertTrue(separable.get("predictedSeconds").asDouble() > 0);
    assertTrue(separable.get("worstError").asDouble() <= 1);
    assertFalse(separable.get("kernel").asString().isEmpty());
    assertEquals("cpu", json.at("/selection/device").asString());
  }

  @Test
  void printsTablesAndConclusion() {
    Ran.sepconv(Behaviour.RIGHT, small())
        .expectStatus(0)
        .expectOut("separable saves", "4.24x", "median ms", "speed-up", "f64-reference")
        .expectOut("Selection picks fake", "predicted")
        .expectOut("All 2 outputs agree with the float64 reference");
  }

  @Test
  void saysThatAChoiceRestsOnEstimatesAndWhereAPredictionWasWrong() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("boaster", Behaviour.SLOWER_THAN_PREDICTED),
            new FakeProvider("good", Behaviour.RIGHT));
    Ran.with(options -> Backends.of(options, providers), small())
        .expectStatus(0)
        .expectOut("Selection picks boaster", "by estimates", "fastest measured: good")
        .expectOut("The prediction was wrong: boaster was predicted at 0.000 ms and took ")
        .expectOut("predictions of boaster, good are estimates; 'sepconv calibrate'");
    Ran right = Ran.sepconv(Behaviour.RIGHT, small()).expectStatus(0);
    assertFalse(right.out().contains("The prediction was wrong"), right.out());
  }

  @ParameterizedTest
  @EnumSource(names = {"WRONG_LAST_VALUE", "WRONG_LATER"})
  void wrongNumbersFail(Behaviour behaviour) {
    Ran.sepconv(behaviour, small())
        .expectStatus(1)
        .expectOut("WRONG: fake standard", "WRONG: fake separable", "n=0 c=7 y=5 x=4")
        .expectOut("FAILED: only 0 of 2 outputs agree");
  }

  @Test
  void wrongNumbersAreNotTimed() {
    JsonNode json = Ran.sepconv(Behaviour.WRONG_LAST_VALUE, small("--json", "-")).json();
    assertFalse(json.get("passed").asBoolean());
    assertTrue(json.at("/results/0/timing").isNull());
    assertEquals("WRONG", json.at("/results/0/verdict").asString());
  }

  @Test
  void deviceThatFailsInRunFails() {
    Ran.sepconv(Behaviour.THROWS_IN_RUN, small())
        .expectStatus(1)
        .expectOut("FAILED: fake standard: out of resources (-5)");
  }

  @Test
  void deviceThatDoesNotOpenFailsButDoesNotHideOthers() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("broken", Behaviour.THROWS_IN_OPEN),
            new FakeProvider("good", Behaviour.RIGHT));
    Ran.with(options -> Backends.of(options, providers), small())
        .expectStatus(1)
        .expectOut("Not measured: broken: does not open: error -1001", "Selection picks good")
        .expectOut("All 2 outputs agree", "FAILED: could not be opened: broken");
  }

  @Test
  void libraryThatDoesNotLinkDoesNotHideOthers() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("broken", Behaviour.BREAKS_IN_OPEN),
            new FakeProvider("good", Behaviour.RIGHT));
    Ran.with(options -> Backends.of(options, providers), small())
        .expectStatus(1)
        .expectOut("Not measured: broken: a library does not load", "no such symbol")
        .expectOut("All 2 outputs agree");
  }

  @Test
  void unavailableBackendIsReportedAndIsNoFailure() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("absent", Behaviour.UNAVAILABLE),
            new FakeProvider("good", Behaviour.RIGHT));
    Ran.with(options -> Backends.of(options, providers), small())
        .expectStatus(0)
        .expectOut("absent: unavailable: no driver (install the driver)");
  }

  @Test
  void unavailableBackendThatIsNamedFails() {
    Ran.sepconv(Behaviour.UNAVAILABLE, small("--backend", "fake"))
        .expectStatus(1)
        .expectErrorLine("fake: unavailable: no driver; install the driver");
  }

  @Test
  void nothingAvailableFailsAfterTheCost() {
    Ran.sepconv(Behaviour.UNAVAILABLE, small())
        .expectStatus(1)
        .expectOut("4.24x")
        .expectErrorLine("none is available", "sepconv devices");
  }

  @Test
  void unsupportedIsNamedAsSuch() {
    Ran.sepconv(Behaviour.SUPPORTS_NOTHING, small())
        .expectStatus(1)
        .expectOut("UNSUPPORTED: fake separable: it supports nothing");
  }

  @Test
  void groupedConvolutionIsMeasuredToo() {
    JsonNode json =
        Ran.sepconv(Behaviour.RIGHT, small("--groups", "2", "--json", "-")).expectStatus(0).json();
    assertEquals(3, json.get("results").size());
    assertEquals("grouped", json.at("/results/1/variant").asString());
    assertEquals(2, json.at("/results/1/promisedSpeedup").asDouble());
  }

  @Test
  void residualsAgree() {
    for (String layout : List.of("nchw", "NHWC")) {
      Ran.sepconv(small("--layout", layout, "--activation", "relu", "--residual"))
          .expectStatus(0)
          .expectOut("bias, residual, relu", " outputs agree");
    }
  }

  @Test
  void layoutsAndActivationsAgree() {
    for (String layout : List.of("nchw", "NHWC")) {
      Ran.sepconv(small("--layout", layout, "--activation", "hard_swish", "--batch", "2"))
          .expectStatus(0)
          .expectOut("2x4x6x5", " outputs agree");
    }
  }
}
