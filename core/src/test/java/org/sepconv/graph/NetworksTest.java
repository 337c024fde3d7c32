package org.sepconv.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.Expect;

class NetworksTest {

  @Test
  void everyNameGivesTheNetworkThatIsCalledSo() {
    assertTrue(Networks.names().size() >= 2);
    for (String name : Networks.names()) {
      assertEquals(name, Networks.of(name, 64, 1).name());
      assertEquals(name, Networks.of(name.toUpperCase().replace('_', '-'), 64, 1).name());
    }
  }

  @Test
  void sizeAndWidthArePassedOn() {
    assertEquals(MobileNet.v1(96, 0.5), Networks.of("mobilenet_v1", 96, 0.5));
    assertEquals(MobileNet.v2(128, 1.4), Networks.of("mobilenet_v2", 128, 1.4));
  }

  @ParameterizedTest
  @CsvSource({"mobilenet_v1, 224", "Xception, 299", "ds-cnn, 49", "convnext_tiny, 224"})
  void theUsualSizeIsThatOfThePaper(String name, int size) {
    assertEquals(size, Networks.usualSize(name));
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThereAre() {
    Expect.refused(
        () -> Networks.of("resnet", 224, 1),
        "there is no network 'resnet'; there are: " + String.join(", ", Networks.names()));
    Expect.refused(() -> Networks.usualSize("resnet"), "there is no network 'resnet'");
  }
}
