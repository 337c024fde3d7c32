package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ModernJarTest {

  @Test
  void everyClassVerifiesWithStackMaps(@TempDir Path folder) throws Exception {
    Path original =
        Path.of(CommandLine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = Files.copy(original, folder.resolve("picocli.jar"));
    ModernJar.main(new String[] {jar.toString()});

    Map<String, byte[]> before = entries(original);
    Map<String, byte[]> after = entries(jar);
    assertEquals(List.copyOf(before.keySet()), List.copyOf(after.keySet()));
    assertEquals(times(original), times(jar)); // archives of two builds are the same
    int classes = 0;
    for (String name : before.keySet()) {
      if (!name.endsWith(".class") || name.endsWith("module-info.class")) {
        assertArrayEquals(before.get(name), after.get(name), name);
        continue;
      }
      classes++;
      assertTrue(ClassFile.of().parse(after.get(name)).majorVersion() >= ClassFile.JAVA_8_VERSION);
    }
    assertTrue(classes > 100, classes + " classes");
    try (var loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      for (String name : after.keySet()) {
        if (name.startsWith("picocli/") && name.endsWith(".class")) {
          // Initialising verifies every method; picocli's initialisers do nothing that could fail.
          Class.forName(name.replace(".class", "").replace('/', '.'), true, loader);
        }
      }
    }
    assertEquals(List.of(jar), list(folder));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static List<LocalDateTime> times(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.stream().map(ZipEntry::getTimeLocal).toList();
    }
  }

  private static Map<String, byte[]> entries(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (InputStream file = Files.newInputStream(jar);
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    return entries;
  }
}
