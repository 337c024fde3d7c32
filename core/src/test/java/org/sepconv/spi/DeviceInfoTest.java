package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviceInfoTest {

  private static String fingerprint(String... properties) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < properties.length; i += 2) {
      map.put(properties[i], properties[i + 1]);
    }
    return new DeviceInfo("gpu:0", "Falcon", map).fingerprint();
  }

  @Test
  void theFingerprintHasTheDriverWhateverTheOrder() {
    assertEquals(
        "gpu:0 (Falcon) {driver=1.2, memory=8 GiB}",
        fingerprint("memory", "8 GiB", "driver", "1.2"));
    assertNotEquals(fingerprint("driver", "1.2"), fingerprint("driver", "1.3"));
  }

  @Test
  void theFingerprintLeavesOutWhatChangesFromStartToStart() {
    assertEquals(
        fingerprint("driver", "1.2", "heap", "1 GiB", "engine start", "446 ms", "clock", "2 GHz"),
        fingerprint("driver", "1.2", "heap", "2 GiB", "clock", "3 GHz"));
  }

  @Test
  void theFingerprintIsOneLine() {
    assertEquals("gpu:0 (Falcon) {kernels=a b}", fingerprint("kernels", "a\n  b"));
  }
}
