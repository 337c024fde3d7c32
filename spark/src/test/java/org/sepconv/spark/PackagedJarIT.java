package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The jar for {@code spark-submit}, as it was packaged. */
class PackagedJarIT {
  /** What others have written, and under which name its licence is there. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "org/sepconv/onnx/protobuf/", "META-INF/LICENSE.protobuf",
          "org/sepconv/spark/twelvemonkeys/", "META-INF/LICENSE.twelvemonkeys");

  private static JarFile jar;
  private static List<String> classes;

  @BeforeAll
  static void open() throws Exception {
    String file = System.getProperty("sepconv.spark.jar");
    Assumptions.assumeTrue(
        file != null, "skipped: the jar is packaged after these tests; Failsafe says where it is");
    jar = new JarFile(file);
    classes =
        jar.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.endsWith(".class"))
            .collect(Collectors.toList());
  }

  @AfterAll
  static void close() throws Exception {
    if (jar != null) {
      jar.close();
    }
  }

  private static String text(String name) throws Exception {
    ZipEntry entry = jar.getEntry(name);
    assertTrue(entry != null, "there is no " + name);
    return new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Apache-2.0 asks for its text, the BSD licences for theirs and the names of the authors. */
  @Test
  void everythingInItComesWithItsLicence() throws Exception {
    assertEquals(Files.readString(Path.of("..", "LICENSE")), text("META-INF/LICENSE"));
    for (Map.Entry<String, String> other : OTHERS.entrySet()) {
      assertTrue(
          classes.stream().anyMatch(name -> name.startsWith(other.getKey())), other.getKey());
      String licence = text(other.getValue());
      assertTrue(licence.contains("Copyright "), licence);
      assertTrue(licence.contains("Redistributions in binary form must reproduce"), licence);
    }
  }

  /** Whatever else is shaded in must be listed above. */
  @Test
  void nothingElseOfOthersIsInIt() {
    List<String> unknown =
        classes.stream()
            .filter(name -> OTHERS.keySet().stream().noneMatch(name::startsWith))
            .filter(name -> !own(name))
            .toList();
    assertEquals(List.of(), unknown);
    assertFalse(classes.isEmpty());
  }

  private static boolean own(String name) {
    URL found = PackagedJarIT.class.getClassLoader().getResource(name);
    return found != null && found.toString().matches(".*/sepconv-[a-z-]+-[0-9][^/]*\\.jar!/.*");
  }
}
