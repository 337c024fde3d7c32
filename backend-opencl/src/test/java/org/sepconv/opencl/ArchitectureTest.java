package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which packages may name which. */
class ArchitectureTest {
  private static final String ROOT = "org.sepconv.opencl";

  /** What the module may name beside itself; of Sepconv, that is {@code core}. */
  private static final List<String> OTHERS =
      List.of(
          "java.",
          "org.jocl",
          "org.sepconv",
          "org.sepconv.cache",
          "org.sepconv.cost",
          "org.sepconv.machine",
          "org.sepconv.spi");

  private static PackageGraph module() throws Exception {
    return PackageGraph.of(
        Path.of(
            OpenClBackendProvider.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()));
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
    assertEquals(Map.of(), strangers(module(), OTHERS));
  }

  /** Packages that are named and may not be, each with a class that does. */
  private static Map<String, String> strangers(PackageGraph graph, List<String> allowed) {
    Map<String, String> strangers = new TreeMap<>();
    for (String from : graph.packages()) {
      graph
          .namedBy(from)
          .forEach(
              (to, by) -> {
                boolean known = graph.packages().contains(to) || allowed.contains(to);
                boolean prefix =
                    allowed.stream().anyMatch(name -> name.endsWith(".") && to.startsWith(name));
                if (!known && !prefix) {
                  strangers.putIfAbsent(to, by);
                }
              });
    }
    return strangers;
  }

  @Test
  void plantedCirclesAndStrangersAreFound(@TempDir Path folder) throws Exception {
    write(folder, "a.One", "b.Two");
    write(folder, "b.Two", "c.Three");
    write(folder, "c.Three", "jdk.incubator.vector.FloatVector");
    assertEquals(List.of(), PackageGraph.of(folder).circle());
    write(folder, "c.Four", "b.Two");
    PackageGraph graph = PackageGraph.of(folder);
    assertEquals(List.of("b names c, in b.Two", "c names b, in c.Four"), graph.circle());
    assertEquals(Map.of("jdk.incubator.vector", "c.Three"), strangers(graph, OTHERS));
  }

  /** A class with one field. */
  private static void write(Path folder, String name, String field) throws Exception {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name), type -> type.withField("field", ClassDesc.of(field), _ -> {}));
    Files.write(folder.resolve(name + ".class"), bytes);
  }
}
