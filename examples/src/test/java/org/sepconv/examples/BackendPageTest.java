package org.sepconv.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The page about backends tells the truth. Its blocks of Java are looked at by {@code
 * examples/guide}.
 */
class BackendPageTest {
  private static final Path GUIDE = Path.of("..", "docs", "writing-a-backend.md");
  private static final Path SOURCES = Path.of("src");
  private static final Path BACKEND = SOURCES.resolve("main/java/org/sepconv/examples/backend");

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void theServiceIsDeclaredAsShown() throws IOException {
    Path services = SOURCES.resolve("main/resources/META-INF/services");
    Path file = services.resolve("org.sepconv.spi.ConvBackendProvider");
    assertTrue(Files.readString(GUIDE).contains("```\n" + Files.readString(file) + "```"));
  }

  @Test
  void theWholeBackendIsAsShortAsItSays() throws IOException {
    int lines = 0;
    for (Path file : javaFiles(BACKEND)) {
      if (!file.endsWith("package-info.java")) {
        lines += Files.readAllLines(file).size();
      }
    }
    assertTrue(lines <= 150, lines + " lines");
  }
}
