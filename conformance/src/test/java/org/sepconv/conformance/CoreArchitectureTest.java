package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sepconv.Problem;

/**
 * Which packages of {@code core} may name which; here, for core cannot see {@link PackageGraph}.
 */
class CoreArchitectureTest {
  private static final String ROOT = "org.sepconv";

  private static PackageGraph core() throws Exception {
    return PackageGraph.ofModuleOf(Problem.class);
  }

  /** Those of the module that a package of it names. */
  private static Set<String> namedBy(String from) throws Exception {
    PackageGraph core = core();
    assertTrue(core.packages().contains(from), from);
    Set<String> named = new TreeSet<>(core.packages());
    named.retainAll(core.namedBy(from).keySet());
    return named;
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertTrue(namedBy(ROOT + ".select").contains(ROOT + ".timing"));
    assertEquals(List.of(), core().circle());
  }

  @Test
  void theOperationsStandOnTheirOwn() throws Exception {
    assertEquals(Set.of(), namedBy(ROOT));
  }

  @Test
  void timingKnowsNothingOfWhatItTimes() throws Exception {
    assertEquals(Set.of(), namedBy(ROOT + ".timing"));
  }

  @Test
  void nothingIsNamedButTheJdkAndAnnotationsForCompilers() throws Exception {
    assertEquals(
        Map.of(),
        core().strangers(List.of("java.", "com.sun.management", "org.jspecify.annotations")));
  }
}
