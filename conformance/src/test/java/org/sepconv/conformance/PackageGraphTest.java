package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("a graph of packages")
class PackageGraphTest {
  private static final String VECTOR = "jdk.incubator.vector";

  @TempDir Path folder;

  @BeforeEach
  void aChain() throws Exception {
    write("a.One", "b.Two");
    write("b.Two", "c.Three");
    write("c.Three", VECTOR + ".FloatVector");
  }

  @Test
  void hasNoCircleWhereNoneIs() throws Exception {
    assertEquals(List.of(), PackageGraph.of(folder).circle());
  }

  @Test
  void findsAPlantedCircle() throws Exception {
    write("c.Four", "b.Two");
    assertEquals(
        List.of("b names c, in b.Two", "c names b, in c.Four"), PackageGraph.of(folder).circle());
  }

  @Test
  void findsStrangersAndWhoNamesThem() throws Exception {
    PackageGraph graph = PackageGraph.of(folder);
    assertEquals(Map.of(VECTOR, "c.Three"), graph.strangers(List.of("java.")));
    assertEquals(Map.of(), graph.strangers(List.of("java.", VECTOR)));
    assertEquals(Map.of(), graph.strangers(List.of("java.", "jdk.")));
    assertEquals(Map.of("c", "c.Three"), graph.naming(VECTOR));
  }

  @Test
  void isOfAWholeModule() throws Exception {
    PackageGraph graph = PackageGraph.ofModuleOf(PackageGraph.class);
    assertTrue(graph.packages().contains("org.sepconv.conformance"));
    assertTrue(graph.namedBy("org.sepconv.conformance").containsKey("java.lang.classfile"));
  }

  @Test
  void isOfAJarToo() throws Exception {
    PackageGraph graph = PackageGraph.ofModuleOf(Test.class);
    assertTrue(graph.namedBy("org.junit.jupiter.api").containsKey("java.util.function"));
  }

  /** A class with one field. */
  private void write(String name, String field) throws Exception {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name), type -> type.withField("field", ClassDesc.of(field), _ -> {}));
    Files.write(folder.resolve(name + ".class"), bytes);
  }
}
