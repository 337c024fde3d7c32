package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  @Test
  void thereIsOneRoom() throws Exception {
    assertEquals(
        Set.of("org.sepconv.spark"), PackageGraph.ofModuleOf(SepconvModel.class).packages());
  }
}
