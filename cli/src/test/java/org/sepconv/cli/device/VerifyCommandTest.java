package org.sepconv.cli.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import tools.jackson.databind.JsonNode;

class VerifyCommandTest {

  @Test
  void passesOnTheBackendsOfTheClassPath() {
    Ran.sepconv("verify", "--cases", "40")
        .expectStatus(0)
        .expectOut("40 random operations of seed 1 on cpu", "40 passed, 0 failed")
        .expectOut("All devices compute the right numbers.");
  }

  @Test
  void wrongNumbersFailWithTheCommandThatRepeatsThem() {
    Ran.sepconv(
            Behaviour.WRONG_LAST_VALUE, "verify", "--cases", "3", "--seed", "7", "--threads", "2")
        .expectStatus(1)
        .expectOut("2 failed, 1 not supported", "shrunk", "FAILED")
        .expectOut("sepconv verify --backend fake --seed 7 --cases 1 --threads 2");
  }

  @Test
  void jsonListsFailures() {
    JsonNode json =
        Ran.sepconv(Behaviour.WRONG_LAST_VALUE, "verify", "--cases", "3", "--json", "-")
            .expectStatus(1)
            .json();
    assertEquals(false, json.get("passed").asBoolean());
    assertEquals(2, json.at("/devices/0/failures").size());
    assertTrue(json.at("/devices/0/failures/0").has("shrunk"));
  }

  @Test
  void deviceThatThrowsFails() {
    Ran.sepconv(Behaviour.THROWS_IN_RUN, "verify", "--cases", "2")
        .expectStatus(1)
        .expectOut("1 failed", "out of resources (-5)");
    Ran.sepconv(Behaviour.THROWS_IN_OPEN, "verify", "--cases", "2")
        .expectStatus(1)
        .expectOut("fake: FAILED: does not open");
  }

  @Test
  void unsupportedCasesAreCountedWithTheirReason() {
    Ran.sepconv(Behaviour.SUPPORTS_NOTHING, "verify", "--cases", "4")
        .expectOut("0 passed, 0 failed, 4 not supported", "not supported, 2: it supports nothing");
  }

  @Test
  void noCasesAreRefused() {
    Ran.sepconv("verify", "--cases", "0").expectStatus(2).expectErrorLine("--cases is 0");
    Ran.sepconv("verify", "--at-once", "0").expectStatus(2).expectErrorLine("--at-once is 0");
  }
}
