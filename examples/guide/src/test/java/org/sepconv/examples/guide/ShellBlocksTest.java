package org.sepconv.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on the pages are run by CI, or are such as their programs understand. */
class ShellBlocksTest {
  /** Whose blocks {@code .ci/first-hour} runs. */
  private static final Path WALK = Path.of("docs/first-hour.md");

  private static final Pattern IN_A_LINE = Pattern.compile("`(\\./sepconv [a-z][^`]*)`");

  private static ShellCheck check;

  @BeforeAll
  static void readSources() throws IOException {
    check = new ShellCheck(Sources.read());
  }

  @TestFactory
  Stream<DynamicTest> everyCommandOfABlockIsUnderstood() throws IOException {
    return Page.blocks("sh").stream()
        .filter(block -> !block.page().equals(WALK))
        .map(
            block ->
                DynamicTest.dynamicTest(
                    block.toString(),
                    () -> {
                      List<List<String>> commands = Shell.commands(block.text());
                      assertTrue(commands.size() > 0, "no command");
                      assertEquals(Optional.empty(), problem(commands), block.text());
                      assertEquals("", messagesOfBash(block.text()));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyCommandWithinALineIsUnderstood() throws IOException {
    return Page.all().stream()
        .filter(page -> !page.path().endsWith("CHANGELOG.md"))
        .map(
            page ->
                DynamicTest.dynamicTest(
                    page.path().toString(),
                    () ->
                        IN_A_LINE
                            .matcher(Files.readString(Page.ROOT.resolve(page.path())))
                            .results()
                            .map(found -> Shell.commands(found.group(1)))
                            .forEach(
                                commands ->
                                    assertEquals(
                                        Optional.empty(), problem(commands), commands::toString))));
  }

  @Test
  void continuousIntegrationRunsTheFirstHourAndTheReadmesTwoCommands() throws IOException {
    String run = Files.readString(Page.ROOT.resolve(".ci/run"));
    assertTrue(run.contains("\nnewcomer .ci/first-hour\n"), ".ci/first-hour");
    assertTrue(run.contains("'/^## Two commands/,/^## /p' README.md"), "README");
    assertTrue(Files.readString(Page.ROOT.resolve("README.md")).contains("\n## Two commands\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "./sepconv cots --network mobilenet_v1",
        "./sepconv run mobilenet_v1 --profil",
        "./sepconv select --in 32x7 --out 3",
        "java -cp 'cli/target/lib/*' org.sepconv.bench.tool.NoSuchTool",
        "java -XX:NoSuchOption -cp 'cli/target/lib/*' org.sepconv.bench.tool.SideBySide",
        "java -cp 'clo/target/lib/*' org.sepconv.bench.tool.SideBySide",
        "java -cp 'cli/target/lib/*' org.openjdk.jmh.Main NoSuchBenchmark",
        "java -cp 'cli/target/lib/*' org.sepconv.cli.Main verify --case 3",
        "mvn verify -pl no-such-module",
        "mvn verify -Pno-such-profile",
        "mvn verify -Dtest=NoSuchTest",
        "mvn verify -Dsepconv.no.such.property=1",
        "mvn verfy",
        "cd cli && .ci/no-such-script",
        "spark-submit --class org.sepconv.spark.NoSuchJob some.jar",
        "no-such-program"
      })
  void aWrongCommandIsNoticed(String command) {
    assertTrue(problem(Shell.commands(command)).isPresent());
  }

  @Test
  void commandsAreTakenApartAsAShellDoes() {
    assertEquals(
        List.of(
            List.of("a", "b c", "#d"),
            List.of("e", "f"),
            List.of("g"),
            List.of("h", "$(i j):k"),
            List.of("l", "m")),
        Shell.commands(
            """
            # a comment
            A=1 a 'b c' "#d"   # and another
            e \\
              f >/dev/null 2>&1 && g | h "$(i j):k"
            l <in m 2> out
            """));
  }

  private static Optional<String> problem(List<List<String>> commands) {
    return commands.stream().map(check::problem).flatMap(Optional::stream).findFirst();
  }

  private static String messagesOfBash(String text) throws IOException, InterruptedException {
    Process bash = new ProcessBuilder("bash", "-n", "-c", text).redirectErrorStream(true).start();
    String messages = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return bash.waitFor() == 0 ? "" : messages;
  }
}
