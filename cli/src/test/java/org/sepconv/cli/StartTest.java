package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.select.Backends;
import picocli.CommandLine;

/** A command does no more than it needs before it begins. */
class StartTest {
  private static final Pattern BACKENDS =
      Pattern.compile("\\] (org\\.sepconv\\.(cpu|djl|opencl)|ai\\.djl|org\\.jocl)\\.\\S+");
  private static final Pattern ENGINES = Pattern.compile("\\] ai\\.djl\\.\\S+");
  private static final Pattern JSON = Pattern.compile("\\] tools\\.jackson\\.databind\\.\\S+");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--version",
        "--help",
        "cost",
        "cost --network mobilenet_v2",
        "compare --help",
        "generate-completion"
      })
  void whatNeedsNoBackendTouchesNone(String command) throws Exception {
    String log = classesLoadedBy(command);
    assertEquals(List.of(), found(BACKENDS, log), command);
    assertEquals(List.of(), found(JSON, log), command);
  }

  @Test
  void listingDevicesStartsNoEngine() throws Exception {
    String log = classesLoadedBy("devices");
    assertTrue(!found(BACKENDS, log).isEmpty(), "the backends are probed:\n" + log);
    assertEquals(List.of(), found(ENGINES, log));
    assertEquals(List.of(), found(JSON, log));
  }

  @Test
  void onlyTheNamedCommandIsMade() {
    assertEquals(Set.of("cost"), made("cost", "--in", "64x56x56"));
    assertEquals(Set.of(), made("--version"));
    Set<String> all = made();
    assertEquals(18, all.size());
    for (String[] arguments :
        List.of(
            new String[] {"--help"},
            new String[] {"--verbose", "cost"},
            new String[] {"generate-completion"},
            new String[] {"convolve"})) {
      assertEquals(all, made(arguments), String.join(" ", arguments));
    }
  }

  @Test
  void everyCommandIsMadeByItsName() {
    for (String name : made()) {
      CommandLine command = Main.commandLine(Backends::discover, name).getSubcommands().get(name);
      var annotation =
          command.getCommandSpec().userObject().getClass().getAnnotation(CommandLine.Command.class);
      assertEquals(name, annotation.name());
    }
  }

  @Test
  void helpIsTheSameWhetherOneCommandIsMadeOrAll() {
    for (String name : made()) {
      String all =
          Main.commandLine(Backends::discover).getSubcommands().get(name).getUsageMessage();
      assertEquals(all, Ran.sepconv(Behaviour.RIGHT, name, "--help").out());
    }
  }

  private static Set<String> made(String... arguments) {
    return Main.commandLine(Backends::discover, arguments).getSubcommands().keySet();
  }

  private static List<String> found(Pattern classes, String log) {
    return classes.matcher(log).results().map(match -> match.group()).distinct().toList();
  }

  private static String classesLoadedBy(String command) throws IOException, InterruptedException {
    var words =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    words.addAll(List.of(command.split(" ")));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
    return output;
  }
}
