package org.sepconv.examples.guide;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The files of the repository that pages show parts of, or name. */
final class Sources {
  private static final Set<String> NO_SOURCES = Set.of("target", "node_modules", ".git", "docs");

  private static final Path TESTS = Path.of("src/test/java/org/sepconv/examples/guide");

  private final Map<Path, String> texts = new HashMap<>();

  private Sources() {}

  static Sources read() throws IOException {
    Sources sources = new Sources();
    Files.walkFileTree(
        Page.ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NO_SOURCES.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().matches(".*\\.(java|py|xml)")) {
              sources.texts.put(file, Files.readString(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  /** Files of a Java class of this simple name. */
  List<Path> of(String simpleName) {
    return texts.keySet().stream().filter(file -> file.endsWith(simpleName + ".java")).toList();
  }

  String text(Path file) {
    return texts.get(file);
  }

  /** Whether any file but these tests has this text in it. */
  boolean mention(String text) {
    return others().anyMatch(file -> file.getValue().contains(text));
  }

  private Stream<Map.Entry<Path, String>> others() {
    return texts.entrySet().stream().filter(file -> !file.getKey().getParent().endsWith(TESTS));
  }

  /** Whether these lines stand one behind the other in a file, all of them further in or not. */
  boolean contain(String piece) {
    List<String> lines = piece.stripTrailing().lines().toList();
    return others().anyMatch(file -> contains(file.getValue(), lines));
  }

  private static boolean contains(String text, List<String> lines) {
    if (!text.contains(lines.getFirst())) {
      return false;
    }
    List<String> all = text.lines().toList();
    List<String> stripped = stripped(lines);
    for (int i = 0; i + lines.size() <= all.size(); i++) {
      if (stripped(all.subList(i, i + lines.size())).equals(stripped)) {
        return true;
      }
    }
    return false;
  }

  /** Without the spaces that all lines begin with. */
  private static List<String> stripped(List<String> lines) {
    return String.join("\n", lines).stripIndent().lines().toList();
  }
}
