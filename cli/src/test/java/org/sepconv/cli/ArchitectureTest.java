package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.cli";

  /**
   * What the module may name beside itself; no backend, which are found at run time, but the
   * reference.
   */
  private static final List<String> OTHERS =
      List.of(
          "java.",
          "javax.imageio",
          "javax.imageio.",
          "com.sun.management",
          "com.github.freva.asciitable",
          "me.tongfei.progressbar",
          "org.eclipse.elk.",
          "org.eclipse.emf.common.util",
          "picocli",
          "tools.jackson.",
          "org.jspecify.annotations",
          "org.sepconv",
          "org.sepconv.backend",
          "org.sepconv.bench",
          "org.sepconv.bench.implementation",
          "org.sepconv.bench.scan",
          "org.sepconv.cache",
          "org.sepconv.calibration",
          "org.sepconv.cases",
          "org.sepconv.cost",
          "org.sepconv.files",
          "org.sepconv.graph",
          "org.sepconv.graph.pass",
          "org.sepconv.machine",
          "org.sepconv.onnx",
          "org.sepconv.onnx.model",
          "org.sepconv.reference",
          "org.sepconv.select",
          "org.sepconv.spi",
          "org.sepconv.timing",
          "org.sepconv.vision",
          "org.sepconv.vision.filter");

  /** Of the folder that {@code Main} was compiled to, where no test is. */
  private static PackageGraph module() throws Exception {
    return PackageGraph.ofModuleOf(Main.class);
  }

  @Test
  void theRoomsAreThese() throws Exception {
    assertEquals(
        Set.of(
            ROOT,
            ROOT + ".apply",
            ROOT + ".bench",
            ROOT + ".calibrate",
            ROOT + ".classify",
            ROOT + ".compare",
            ROOT + ".cost",
            ROOT + ".device",
            ROOT + ".doctor",
            ROOT + ".frame",
            ROOT + ".model",
            ROOT + ".network",
            ROOT + ".picture",
            ROOT + ".show",
            ROOT + ".text"),
        module().packages());
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertEquals(List.of(), module().circle());
  }

  @Test
  void nothingElseIsNamed() throws Exception {
    assertEquals(Map.of(), module().strangers(OTHERS));
  }
}
