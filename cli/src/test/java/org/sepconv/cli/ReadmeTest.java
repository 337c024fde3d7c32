package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The README tells the truth: it has every command. What it shows, {@code examples/guide} tests.
 */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");

  @Test
  void itShowsEveryCommandAndNoOther() throws Exception {
    var commands = Main.commandLine(_ -> null).getSubcommands().keySet();
    Matcher shown = Pattern.compile("`?\\./sepconv ([a-z-]+)").matcher(Files.readString(README));
    Set<String> names = new TreeSet<>();
    while (shown.find()) {
      names.add(shown.group(1));
    }
    Set<String> expected = new TreeSet<>(commands);
    expected.remove("generate-completion"); // for packagers; --help has it
    names.remove("generate-completion");
    assertEquals(expected, names);
  }
}
