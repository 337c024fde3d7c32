package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.bench";

  private static PackageGraph module() throws Exception {
    return PackageGraph.ofModuleOf(BenchPlan.class);
  }

  @Test
  void theRoomsAreThese() throws Exception {
    // JMH writes the code around its benchmarks into packages of its own.
    List<String> ours =
        module().packages().stream().filter(name -> !name.endsWith(".jmh_generated")).toList();
    assertEquals(
        Set.of(ROOT, ROOT + ".implementation", ROOT + ".scan", ROOT + ".tile", ROOT + ".tool"),
        Set.copyOf(ours));
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertEquals(List.of(), module().circle());
  }
}
