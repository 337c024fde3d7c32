package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * The reference is a backend for those who name it, in every command that takes a name, and for
 * nobody else; {@code apply} and {@code filter} have tests that run on nothing but it.
 */
class NamedReferenceTest {
  @TempDir private Path folder;

  @Test
  void itIsVerifiedAndCompared() {
    Ran.sepconv("verify", "--backend=reference", "--cases=20")
        .expectStatus(0)
        .expectOut("20 passed, 0 failed, 0 not supported", "All devices compute the right");
    JsonNode json =
        Ran.sepconv("compare", "-b=reference", "--in=4x6x5", "--out=8", "--time=0.001", "--json=-")
            .expectStatus(0)
            .json();
    assertEquals(2, json.get("results").size());
    assertEquals("f64-reference", json.at("/results/1/kernel").asString());
  }

  @Test
  void itIsMeasured() {
    Ran.sepconv("accuracy", "-b=reference", "--operations=2", "--time=0.001", "--seed=1")
        .expectStatus(0)
        .expectOut("2 operations", "reference  all");
    Ran.sepconv("scan", "-b=reference", "--series=dilation", "--time=0.001")
        .expectStatus(0)
        .expectOut("reference: ");
  }

  @Test
  void dataMayLieThere() {
    Ran.sepconv("select", "--in=2x4x4", "--data=reference")
        .expectStatus(0)
        .expectOut("ms transfers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"select", "compare --time=0.001 --in=2x4x4 --out=2", "devices"})
  void nobodyElseSeesIt(String command) {
    Ran ran = Ran.sepconv(command.split(" ")).expectStatus(0);
    List<String> lines = ran.out().lines().map(String::strip).toList();
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("cpu")), ran.out());
    assertFalse(lines.stream().anyMatch(line -> line.startsWith("reference")), ran.out());
  }
}
