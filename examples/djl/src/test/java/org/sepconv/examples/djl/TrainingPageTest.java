package org.sepconv.examples.djl;

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

/** What the page shows is in sources that are compiled and tested. */
class TrainingPageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "training.md");
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

  private static List<String> matches(Pattern pattern) throws IOException {
    return pattern
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void everySnippetIsPartOfASourceFile() throws IOException {
    List<List<String>> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
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
  void everyFileThatItLinksToExists() throws IOException {
    List<String> broken =
        matches(LINK).stream().filter(link -> !Files.exists(PAGE.resolveSibling(link))).toList();
    assertEquals(List.of(), broken);
  }
}
