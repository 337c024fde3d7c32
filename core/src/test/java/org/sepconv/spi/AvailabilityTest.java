package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Expect;

/** What a provider answers: values that cannot be half empty or change. */
class AvailabilityTest {

  @Test
  void availableMeansThatThereIsADevice() {
    Expect.refused(() -> new Availability.Available(List.of()), "no devices", "Unavailable");
    List<DeviceInfo> devices = new ArrayList<>(List.of(new DeviceInfo("x", "X", Map.of())));
    Availability.Available available = new Availability.Available(devices);
    devices.clear();
    assertEquals(1, available.devices().size());
  }

  @Test
  void unavailableHasAReasonAndARemedy() {
    Expect.nullRefused(() -> new Availability.Unavailable(null, "install it"), "reason");
    Expect.nullRefused(() -> new Availability.Unavailable("not there", null), "remedy");
    Expect.nullRefused(() -> new Support.No(null), "reason");
  }

  @Test
  void aDeviceKeepsItsFactsInOrder() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("threads", "2");
    facts.put("memory", "4 GB");
    facts.put("driver", "1.0");
    DeviceInfo device = new DeviceInfo("x:0", "X", facts);
    facts.clear();
    assertEquals(List.of("threads", "memory", "driver"), List.copyOf(device.properties().keySet()));
    assertThrows(UnsupportedOperationException.class, () -> device.properties().put("a", "b"));
    Expect.nullRefused(() -> new DeviceInfo(null, "X", Map.of()), "id");
    Expect.nullRefused(() -> new DeviceInfo("x", null, Map.of()), "name");
    Expect.nullRefused(() -> new DeviceInfo("x", "X", null), "properties");
  }
}
