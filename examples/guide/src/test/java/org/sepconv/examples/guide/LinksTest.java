package org.sepconv.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Links within the repository lead to files and headings that exist. */
class LinksTest {
  @TestFactory
  Stream<DynamicTest> everyLinkOfAPageLeadsSomewhere() throws IOException {
    Map<Path, Page> pages = new HashMap<>();
    Page.all().forEach(page -> pages.put(page.path(), page));
    return pages.values().stream()
        .map(
            page ->
                DynamicTest.dynamicTest(
                    page.path().toString(), () -> assertEquals(List.of(), broken(page, pages))));
  }

  @Test
  void everyPageOfTheGuideIsInItsContents() throws IOException {
    Path docs = Path.of("docs");
    Page contents =
        Page.of(docs.resolve("index.md"), Files.readString(Page.ROOT.resolve("docs/index.md")));
    List<String> missing =
        Page.all().stream()
            .map(Page::path)
            .filter(path -> docs.equals(path.getParent()) && !path.equals(contents.path()))
            .map(path -> path.getFileName().toString())
            .filter(name -> !contents.links().contains(name))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void aBrokenLinkIsNoticed() {
    Page page =
        Page.of(
            Path.of("docs/models.md"),
            """
            # Models
            ## In two words
            ```sh
            # ## no heading
            ```
            ## In two words
            [a](#in-two-words) [b](#in-two-words-1) [c](#no-heading) `[d](#code)`
            [e](../README.md) [f](../README.md#license) [g](../README.md#licence) [h](none.md)
            """);
    assertEquals(
        List.of("#no-heading", "../README.md#licence", "none.md"),
        broken(page, Map.of(Path.of("README.md"), Page.of(Path.of("README.md"), "## License"))));
  }

  private static List<String> broken(Page page, Map<Path, Page> pages) {
    return page.links().stream().filter(link -> !exists(page, link, pages)).toList();
  }

  private static boolean exists(Page page, String link, Map<Path, Page> pages) {
    if (link.contains("://")) {
      return true; // of others
    }
    String[] parts = link.split("#", 2);
    Path target =
        parts[0].isEmpty() ? page.path() : page.path().resolveSibling(parts[0]).normalize();
    if (!Files.exists(Page.ROOT.resolve(target))) {
      return false;
    }
    return parts.length == 1
        || Optional.ofNullable(parts[0].isEmpty() ? page : pages.get(target))
            .map(found -> found.anchors().contains(parts[1]))
            .orElse(false);
  }
}
