package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.vision";

  /** What the module may name beside itself; of Sepconv, that is {@code core}. */
  private static final List<String> OTHERS =
      List.of(
          "java.",
          "javax.imageio",
          "javax.imageio.",
          "org.w3c.dom",
          "com.twelvemonkeys.",
          "org.jspecify.annotations",
          "org.sepconv",
          "org.sepconv.spi");

  private static PackageGraph module() throws Exception {
    return PackageGraph.ofModuleOf(Picture.class);
  }

  @Test
  void theRoomsAreThese() throws Exception {
    assertEquals(Set.of(ROOT, ROOT + ".filter"), module().packages());
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertEquals(List.of(), module().circle());
  }

  @Test
  void nothingIsNamedButCoreAndTheDecoders() throws Exception {
    assertEquals(Map.of(), module().strangers(OTHERS));
  }
}
