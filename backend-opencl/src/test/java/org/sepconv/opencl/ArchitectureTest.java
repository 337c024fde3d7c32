package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.opencl";

  /** What the module may name beside itself; of Sepconv, that is {@code core}. */
  private static final List<String> OTHERS =
      List.of(
          "java.",
          "org.jocl",
          "org.jspecify.annotations",
          "org.sepconv",
          "org.sepconv.cache",
          "org.sepconv.cost",
          "org.sepconv.machine",
          "org.sepconv.spi");

  private static PackageGraph module() throws Exception {
    return PackageGraph.ofModuleOf(OpenClBackendProvider.class);
  }

  @Test
  void theRoomsAreThese() throws Exception {
    assertEquals(
        Set.of(ROOT, ROOT + ".plan", ROOT + ".kernel", ROOT + ".device"), module().packages());
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertEquals(List.of(), module().circle());
  }

  @Test
  void nothingIsNamedButCoreAndJocl() throws Exception {
    assertEquals(Map.of(), module().strangers(OTHERS));
  }
}
