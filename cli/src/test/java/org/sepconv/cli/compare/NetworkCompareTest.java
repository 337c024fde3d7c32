package org.sepconv.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.sepconv.Graph;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.cost.Cost;
import org.sepconv.graph.MobileNet;
import org.sepconv.graph.StandardGraph;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;

/** {@code compare --network}. */
class NetworkCompareTest {
  private static final Graph NETWORK = MobileNet.v1(32, 0.25);

  private static String[] small(String... more) {
    return Stream.concat(
            Stream.of(
                "compare",
                "--network=mobilenet-v1",
                "--size=32",
                "--width=0.25",
                "--time=0.001",
                "--layout=nchw"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void promisedAndRealisedSavingOnEveryBackend() {
    JsonNode json = Ran.sepconv(small("--json", "-")).expectStatus(0).json();
    assertTrue(json.get("passed").asBoolean());
    assertEquals("network", json.get("kind").asString());
    Cost separable = Cost.of(NETWORK.problem());
    Cost standard = Cost.of(StandardGraph.of(NETWORK).problem());
    assertEquals(standard.macs(), json.at("/cost/variants/0/cost/macs").asLong());
    assertEquals(separable.macs(), json.at("/cost/variants/1/cost/macs").asLong());
    double promised = (double) standard.macs() / separable.macs();
    assertEquals(promised, json.at("/cost/saving/macs").asDouble(), 1e-9);
    int results = json.get("results").size();
    assertTrue(results >= 2 && results % 2 == 0, results + " results");
    JsonNode first = json.at("/results/0");
    JsonNode second = json.at("/results/1");
    assertEquals("standard", first.get("variant").asString());
    assertEquals("OK", second.get("verdict").asString());
    double median = second.at("/timing/medianSeconds").asDouble();
    assertEquals(
        first.at("/timing/medianSeconds").asDouble() / median,
        second.get("speedup").asDouble(),
        1e-9);
    assertEquals(promised, second.get("promisedSpeedup").asDouble(), 1e-9);
    assertTrue(second.get("worstError").asDouble() <= 1, second::toString);
    assertTrue(
        second.get("predictedSeconds").asDouble() > 0
            && second.get("predictedSeconds").asDouble()
                < first.get("predictedSeconds").asDouble());
    assertEquals("cpu", json.at("/selection/device").asString());
  }

  @Test
  void printsTablesAndConclusion() {
    Ran.sepconv(Behaviour.RIGHT, small("--batch=2"))
        .expectStatus(0)
        .expectOut("mobilenet_v1, width 0.25, 2x3x32x32 -> 2x1000x1x1")
        .expectOut("network  ", "standard  ", "separable saves", "speed-up", "promised")
        .expectOut(" operations, none on the host")
        .expectOut("Selection picks fake for the separable network: ", "sum of ")
        .expectOut("All 2 outputs agree with the float64 reference")
        .expectOut("That bound is 0.0001 of the largest value");
  }

  @Test
  void wrongNumbersFail() {
    Ran.sepconv(Behaviour.WRONG_LAST_VALUE, small())
        .expectStatus(1)
        .expectOut("WRONG: fake standard: value ", "WRONG: fake separable: value ")
        .expectOut("FAILED: only 0 of 2 outputs agree");
  }

  @Test
  void deviceThatFailsIsNamedAndHidesNobody() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("broken", Behaviour.THROWS_IN_RUN),
            new FakeProvider("good", Behaviour.RIGHT));
    Ran.with(options -> Backends.of(options, providers), small())
        .expectStatus(1)
        .expectOut("FAILED: broken standard: out of resources (-5)")
        .expectOut("good    separable  ok");
  }

  /** It runs, all of it on the host. */
  @Test
  void whatADeviceRefusesIsCounted() {
    Ran ran = Ran.sepconv(Behaviour.SUPPORTS_NOTHING, small()).expectStatus(0);
    assertTrue(ran.out().matches("(?s).* (\\d+) operations, \\1 on the host.*"), ran.out());
  }

  @Test
  void optionsThatWouldBeIgnoredAreRefused() {
    Ran.sepconv(small("--in=3x8x8"))
        .expectStatus(2)
        .expectErrorLine("--in describes one convolution; leave it out with --network");
    Ran.sepconv("compare", "--size=32")
        .expectStatus(2)
        .expectErrorLine("--size belongs to --network, which is not given");
    Ran none = Ran.sepconv("compare", "--network=resnet").expectStatus(2);
    none.expectErrorLine("there is no network 'resnet'; there are: mobilenet_v1");
    assertFalse(none.out().contains("MACs"));
  }
}
