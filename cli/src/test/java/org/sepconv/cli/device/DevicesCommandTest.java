package org.sepconv.cli.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;

class DevicesCommandTest {

  @Test
  void listsTheBackendsOfTheClassPath() {
    Ran.sepconv("devices").expectStatus(0).expectOut("cpu", "kernels");
    Ran.sepconv("devices", "--open", "-b", "cpu").expectStatus(0).expectOut("GFLOP/s", "opened in");
  }

  @Test
  void opensNothingUnlessAsked() {
    JsonNode listed = Ran.sepconv(Behaviour.THROWS_IN_OPEN, "devices", "--json", "-").json();
    JsonNode device = listed.at("/backends/0/devices/0");
    assertEquals("fake", device.get("id").asString());
    assertFalse(device.get("opened").asBoolean());
    assertEquals("", device.get("error").asString());
    JsonNode opened = Ran.sepconv(Behaviour.RIGHT, "devices", "--open", "--json", "-").json();
    assertTrue(opened.at("/backends/0/devices/0/opened").asBoolean());
  }

  @Test
  void knowsFromItsArgumentsWhenItOnlyLists() {
    assertTrue(DevicesCommand.onlyLists("devices"));
    assertTrue(DevicesCommand.onlyLists("devices", "-b", "cpu", "--json", "-"));
    assertFalse(DevicesCommand.onlyLists("devices", "--open"));
    assertFalse(DevicesCommand.onlyLists("devices", "--option", "cpu.kernels=scalar"));
    assertFalse(DevicesCommand.onlyLists("devices", "--option=cpu.kernels=scalar"));
    assertFalse(DevicesCommand.onlyLists("select"));
    assertFalse(DevicesCommand.onlyLists());
  }

  @Test
  void namesPropertiesInJson() {
    JsonNode json =
        Ran.sepconv(Behaviour.RIGHT, "devices", "--open", "--json", "-").expectStatus(0).json();
    JsonNode device = json.at("/backends/0/devices/0");
    assertEquals("fake", device.get("id").asString());
    assertEquals("none", device.at("/properties/memory").asString());
    assertEquals(1, device.get("peakGflops").asDouble());
  }

  @Test
  void saysWhatToDoAboutAnUnavailableBackend() {
    Ran.sepconv(Behaviour.UNAVAILABLE, "devices")
        .expectStatus(0)
        .expectOut("fake  not available: no driver", "remedy", "install the driver");
  }

  @Test
  void listsDevicesThatDoNotOpenAndProvidersThatBreak() {
    Ran.sepconv(Behaviour.THROWS_IN_OPEN, "devices", "--open")
        .expectStatus(0)
        .expectOut("does not open");
    Ran ran = Ran.sepconv(Behaviour.THROWS_IN_PROBE, "devices").expectStatus(0);
    assertTrue(ran.out().contains("the probe broke"), ran.out());
  }

  @Test
  void listsABackendThatIsOfferedOnlyByNameToThoseWhoNameIt() {
    Ran all = Ran.sepconv("devices").expectStatus(0);
    assertFalse(all.out().contains("reference"), all.out());
    JsonNode json =
        Ran.sepconv("devices", "-b", "reference", "-b", "cpu", "--json=-").expectStatus(0).json();
    assertEquals(2, json.get("backends").size());
    JsonNode reference = json.at("/backends/0");
    assertTrue(reference.get("available").asBoolean());
    assertEquals("reference", reference.at("/devices/0/id").asString());
    assertFalse(reference.at("/devices/0/opened").asBoolean());
    Ran.sepconv("devices", "-b", "reference:float64", "--open")
        .expectStatus(0)
        .expectOut("reference  float64 loops", "GFLOP/s", "1 backend, ");
  }

  @Test
  void showsOnlyTheNamedBackends() {
    var providers =
        List.<ConvBackendProvider>of(
            new FakeProvider("one", Behaviour.RIGHT),
            new FakeProvider("two", Behaviour.UNAVAILABLE));
    Ran ran = Ran.with(options -> Backends.of(options, providers), "devices", "--backend", "two");
    ran.expectStatus(0).expectOut("two  not available");
    assertFalse(ran.out().contains("one"), ran.out());
    Ran.with(options -> Backends.of(options, providers), "devices", "--backend", "three")
        .expectStatus(2)
        .expectErrorLine("there is no backend 'three'; there are: one, two");
  }
}
