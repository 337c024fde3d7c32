package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each line of what docs/numbers.md guarantees names rules or tests, and they exist. */
class NumbersPageTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern RULE = Pattern.compile("\\b\\d{3}\\b");
  private static final Pattern TEST = Pattern.compile("`(\\w+Test)(?:\\.(\\w+))?`");

  @Test
  void everyGuaranteeIsTested() throws IOException {
    Set<String> rules = rules();
    for (String line : guarantees()) {
      String shown = line.substring(line.substring(0, line.length() - 1).lastIndexOf('|'));
      List<String> numbers = RULE.matcher(shown).results().map(MatchResult::group).toList();
      List<MatchResult> tests = TEST.matcher(shown).results().toList();
      assertTrue(numbers.size() + tests.size() > 0, "shown by nothing: " + line);
      assertTrue(rules.containsAll(numbers), "no such rules: " + numbers);
      for (MatchResult test : tests) {
        assertTrue(exists(test.group(1), test.group(2)), "no such test: " + test.group());
      }
    }
  }

  @Test
  void thePageHasGuarantees() throws IOException {
    assertEquals(15, guarantees().size());
  }

  private static List<String> guarantees() throws IOException {
    return Files.readAllLines(ROOT.resolve("docs/numbers.md")).stream()
        .filter(line -> line.startsWith("| ") && !line.startsWith("| |"))
        .toList();
  }

  private static Set<String> rules() {
    return Stream.of(
            NumberRules.class,
            DataRules.class,
            ConcurrencyRules.class,
            RunRules.class,
            OperationRules.class)
        .flatMap(rules -> Arrays.stream(rules.getDeclaredMethods()))
        .map(method -> method.getAnnotation(DisplayName.class))
        .filter(name -> name != null)
        .flatMap(name -> RULE.matcher(name.value()).results())
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  private static boolean exists(String type, String method) throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path tests : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests) && exists(tests, type, method)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean exists(Path tests, String type, String method) throws IOException {
    try (Stream<Path> files = Files.walk(tests)) {
      for (Path file : files.filter(each -> each.endsWith(type + ".java")).toList()) {
        if (method == null || Files.readString(file).contains("void " + method + "(")) {
          return true;
        }
      }
    }
    return false;
  }
}
