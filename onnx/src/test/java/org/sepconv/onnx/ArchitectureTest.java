package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.PackageGraph;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.onnx";

  private static PackageGraph module() throws Exception {
    return PackageGraph.ofModuleOf(OnnxModel.class);
  }

  @Test
  void theRoomsAreThese() throws Exception {
    assertEquals(
        Set.of(
            ROOT,
            ROOT + ".constant",
            ROOT + ".lower",
            ROOT + ".model",
            ROOT + ".proto", // generated
            ROOT + ".simplify",
            ROOT + ".write"),
        Set.copyOf(module().packages()));
  }

  @Test
  void noCircleJoinsTwoPackages() throws Exception {
    assertEquals(List.of(), module().circle());
  }
}
