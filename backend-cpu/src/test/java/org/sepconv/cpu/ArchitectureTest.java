package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.cpu";
  private static final String VECTOR_API = "jdk.incubator.vector";

  /** What the module may name beside itself; of Sepconv, that is {@code core}. */
  private static final List<String> OTHERS =
      List.of(
          "java.",
          "com.sun.management",
          VECTOR_API,
          "org.jspecify.annotations",
          "org.sepconv",
          "org.sepconv.cache",
          "org.sepconv.cost",
          "org.sepconv.machine",
          "org.sepconv.spi",
          "org.sepconv.timing");

  private static PackageGraph module() throws Exception {
    return PackageGraph.ofModuleOf(CpuBackendProvider.class);
  }

  @Test
  void theRoomsAreThese() throws Exception {
    assertEquals(
        Set.of(
            ROOT,
            ROOT + ".kernel",
            ROOT + ".layout",
            ROOT + ".memory",
            ROOT + ".operation",
            ROOT + ".scalar",
            ROOT + ".thread",
            ROOT + ".tile",
            ROOT + ".vector",
            ROOT + ".warm"),
        module().packages());
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertEquals(List.of(), module().circle());
  }

  @Test
  void onlyTilesAndTheirKernelsNameTheVectorApi() throws Exception {
    assertEquals(Set.of(ROOT + ".tile", ROOT + ".vector"), module().naming(VECTOR_API).keySet());
  }

  @Test
  void nothingIsNamedButCore() throws Exception {
    assertEquals(Map.of(), module().strangers(OTHERS));
  }
}
