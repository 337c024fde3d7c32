package org.sepconv.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide tells the truth: what it shows is in sources that are compiled and tested. */
class GuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "writing-a-backend.md");
  private static final Path SOURCES = Path.of("src");
  private static final Path BACKEND = SOURCES.resolve("main/java/org/sepconv/examples/backend");
  private static final Path REFERENCE = Path.of("..", "core/src/main/java/org/sepconv/backend");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  private static List<Path> javaFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> matches(Pattern pattern) throws IOException {
    return pattern
        .matcher(Files.readString(GUIDE))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void everySnippetIsPartOfASourceFile() throws IOException {
    List<List<String>> sources = new ArrayList<>();
    for (Path folder : List.of(SOURCES, REFERENCE)) {
      for (Path file : javaFiles(folder)) {
        sources.add(Files.readAllLines(file));
      }
    }
    List<String> snippets = matches(JAVA);
    assertTrue(snippets.size() > 5, "snippets: " + snippets.size());
    for (String snippet : snippets) {
      List<String> lines = snippet.lines().toList();
      assertTrue(
          sources.stream().anyMatch(file -> Collections.indexOfSubList(file, lines) >= 0),
          () -> "in no source file, line by line:\n" + snippet);
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

  @Test
  void everyFileThatItLinksToExists() throws IOException {
    List<String> broken =
        matches(LINK).stream().filter(link -> !Files.exists(GUIDE.resolveSibling(link))).toList();
    assertEquals(List.of(), broken);
  }
}
