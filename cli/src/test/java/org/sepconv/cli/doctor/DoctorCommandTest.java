package org.sepconv.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

  @Test
  void looksAtEverythingAndTriesEveryDevice() {
    Ran.sepconv(Behaviour.RIGHT, "doctor")
        .expectStatus(0)
        .expectOut("Java\n", "vector module", "processor\n", "memory\n", "backend fake\n")
        .expectOut("trial\n", "ran a separable convolution rightly", " checks: ")
        .expectOut("\n" + " ".repeat(27) + "f64-reference: yes, ");
  }

  @Test
  void theKernelsOfADeviceAreNoFindings() {
    Ran ran = Ran.sepconv(Behaviour.WRONG_LAST_VALUE, "doctor").expectStatus(1);
    ran.expectOut("values are wrong", "-> sepconv verify", "f64-fake: yes, ");
    JsonNode json = Ran.sepconv(Behaviour.WRONG_LAST_VALUE, "doctor", "--json", "-").json();
    JsonNode trial = json.get("sections").get(json.get("sections").size() - 1);
    assertEquals(1, trial.get("findings").size());
    assertFalse(json.toString().contains("f64-fake"), json.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "WRONG_LAST_VALUE, values are wrong",
    "THROWS_IN_PREPARE, the compiler broke",
    "THROWS_IN_RUN, out of resources",
    "THROWS_IN_OPEN, does not open: error -1001",
    "BREAKS_IN_OPEN, no such symbol",
    "REFUSES_SETTING, fake.kernels is 'odd'",
    "THROWS_IN_PROBE, the probe broke",
    "UNAVAILABLE, no backend can be used",
  })
  void whatFailsIsStatus1AndSaysWhy(Behaviour behaviour, String reason) {
    Ran.sepconv(behaviour, "doctor").expectStatus(1).expectOut("FAILED", reason, "-> ");
  }

  @Test
  void oneThatFailsHidesNoOtherAndAMissingOneIsAWarning() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("one", Behaviour.THROWS_IN_PROBE),
            new FakeProvider("two", Behaviour.RIGHT),
            new FakeProvider("three", Behaviour.UNAVAILABLE));
    Ran ran = Ran.with(options -> Backends.of(options, providers), "doctor").expectStatus(1);
    ran.expectOut("backend one\n", "backend two\n", "backend three\n", "rightly in");
    List<ConvBackendProvider> others = providers.subList(1, 3);
    Ran.with(options -> Backends.of(options, others), "doctor")
        .expectStatus(0)
        .expectOut("WARNING  availability    no driver", "-> install the driver");
  }

  @Test
  void looksWithoutOpeningAnything() {
    Ran ran = Ran.sepconv(Behaviour.THROWS_IN_OPEN, "doctor", "--no-run").expectStatus(0);
    assertTrue(ran.out().contains("not tried out, because of --no-run"), ran.out());
  }

  @Test
  void writesTheSameAsJson(@TempDir Path folder) throws Exception {
    JsonNode json =
        Ran.sepconv(Behaviour.WRONG_LAST_VALUE, "doctor", "--json", "-").expectStatus(1).json();
    assertFalse(json.get("passed").asBoolean());
    assertEquals(1, json.get("failed").asInt());
    JsonNode trial = json.get("sections").get(json.get("sections").size() - 1);
    assertEquals("trial", trial.get("name").asString());
    assertEquals("FAILED", trial.at("/findings/0/status").asString());
    assertEquals("fake", trial.at("/findings/0/check").asString());
    Path file = folder.resolve("doctor.json");
    Ran.sepconv(Behaviour.RIGHT, "doctor", "--json", file.toString()).expectStatus(0);
    assertTrue(JsonMapper.shared().readTree(Files.readString(file)).get("passed").asBoolean());
  }

  @Test
  void theBackendsOfTheClassPathSpeakForThemselves() {
    // Whether they are fine is this machine's affair.
    Ran.sepconv("doctor", "--no-run")
        .expectOut("backend cpu\n", "  alignment ", "backend djl\n", "  natives ")
        .expectOut("backend opencl\n", "  loader ");
  }
}
