package org.sepconv.examples.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of Markdown: its blocks between fences, its headings and its links.
 *
 * @param path from the root of the repository
 * @param blocks in their order
 * @param anchors of its headings
 * @param links what pictures and links lead to
 */
record Page(Path path, List<Block> blocks, Set<String> anchors, List<String> links) {
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private static final Pattern FENCE = Pattern.compile("(```+)(\\w*)");
  private static final Pattern HEADING = Pattern.compile("#+ +(.*)");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Set<String> NO_PAGES = Set.of("target", "node_modules", ".git");

  /**
   * What stands between two fences.
   *
   * @param line of its fence, from 1
   * @param language behind the fence, or nothing
   * @param text with the line feed at its end
   * @param output the block without a language that follows with nothing but a line or two between,
   *     or nothing
   */
  record Block(Path page, int line, String language, String text, String output) {
    @Override
    public String toString() {
      return page + ":" + line;
    }

    private Block withOutput(String shown) {
      return new Block(page, line, language, text, shown);
    }
  }

  /** Every page of the repository. */
  static List<Page> all() throws IOException {
    List<Page> pages = new ArrayList<>();
    for (Path file : markdown(ROOT)) {
      pages.add(of(ROOT.relativize(file), Files.readString(file)));
    }
    return pages;
  }

  /** The blocks of a language on the pages of docs/ and on the README. */
  static List<Block> blocks(String language) throws IOException {
    return all().stream()
        .filter(page -> page.path.startsWith("docs") || page.path.equals(Path.of("README.md")))
        .flatMap(page -> page.blocks.stream())
        .filter(block -> block.language.equals(language))
        .toList();
  }

  private static List<Path> markdown(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry) && !NO_PAGES.contains(name)) {
          files.addAll(markdown(entry));
        } else if (name.endsWith(".md")) {
          files.add(entry);
        }
      }
    }
    return files;
  }

  static Page of(Path path, String text) {
    List<Block> blocks = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    List<String> links = new ArrayList<>();
    List<String> lines = text.lines().toList();
    int textSince = 0;
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        int start = i;
        StringBuilder inside = new StringBuilder();
        for (i++; i < lines.size() && !lines.get(i).equals(fence.group(1)); i++) {
          inside.append(lines.get(i)).append('\n');
        }
        if (fence.group(2).isEmpty() && !blocks.isEmpty() && textSince == 0) {
          blocks.addLast(blocks.removeLast().withOutput(inside.toString()));
        }
        blocks.add(new Block(path, start + 1, fence.group(2), inside.toString(), ""));
        textSince = 0;
        continue;
      }
      Matcher heading = HEADING.matcher(lines.get(i));
      if (heading.matches()) {
        String slug = slug(heading.group(1));
        int before = seen.merge(slug, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? slug : slug + "-" + before);
      }
      textSince += lines.get(i).isBlank() ? 0 : 1;
      LINK.matcher(lines.get(i).replaceAll("`[^`]*`", "code"))
          .results()
          .forEach(link -> links.add(link.group(1)));
    }
    return new Page(path, List.copyOf(blocks), Set.copyOf(anchors), List.copyOf(links));
  }

  /** As hosts of repositories make an anchor of a heading. */
  private static String slug(String heading) {
    return heading
        .replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1")
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
        .replace(' ', '-');
  }
}
