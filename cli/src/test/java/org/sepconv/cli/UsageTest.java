package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.select.Backends;
import picocli.CommandLine;

/** Help, exit status and errors of every command. */
class UsageTest {

  static Stream<CommandLine> commands() {
    CommandLine root = Main.commandLine(Backends::discover);
    return Stream.concat(Stream.of(root), root.getSubcommands().values().stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsThere(CommandLine command) {
    String name = command.getCommandName();
    Ran ran = name.equals("sepconv") ? Ran.sepconv("--help") : Ran.sepconv(name, "--help");
    ran.expectStatus(0).expectOut("Usage: sepconv", "--help", "--verbose");
    assertEquals("", ran.err());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpFlowsToTheWidthOfTheTerminal(CommandLine command) {
    for (int width : new int[] {60, 80, 100, 140}) {
      command.setUsageHelpAutoWidth(false).setUsageHelpWidth(width);
      List<String> lines = command.getUsageMessage().lines().toList();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        assertTrue(line.length() <= width, () -> width + " columns: " + line);
        if (i + 1 < lines.size() && goesOn(line, lines.get(i + 1))) {
          String next = lines.get(i + 1).strip();
          String word = next.split(" |(?<=[a-z]-)")[0]; // a line may end after a hyphen
          assertTrue(
              line.length() + 1 + word.length() >= width - 1, // picocli counts a space behind it
              () -> "%d columns: a break in a sentence: %s / %s".formatted(width, line, next));
        }
      }
    }
  }

  /** Whether a line of help ends within a sentence that the next one goes on with. */
  private static boolean goesOn(String line, String next) {
    String start = next.strip();
    if (line.isBlank() || start.isEmpty()) {
      return false;
    }
    boolean begins =
        start.startsWith("-") // an option
            || next.matches(" {0,4}\\S+ {2,}\\S.*") // a command, or a parameter
            || start.matches("(Start with|Completion|Example|Exit status|Options|Commands):.*");
    boolean ends =
        line.matches(" {2,6}-\\S+( -\\S+)*") // an option too long for its column
            || line.matches(".*[.:\\\\]") && !Character.isLowerCase(start.charAt(0));
    return !begins && !ends;
  }

  @Test
  void theWidthIsThatOfTheTerminal() {
    assertTrue(commands().allMatch(CommandLine::isUsageHelpAutoWidth));
  }

  @Test
  void versionNamesTheJvm() {
    Ran.sepconv("--version").expectStatus(0).expectOut("sepconv ", "Java ", "Vector API");
  }

  @Test
  void completionKnowsTheCommands() {
    Ran.sepconv("generate-completion").expectStatus(0).expectOut("compare", "--depth-multiplier");
  }

  static Stream<Arguments> badInput() {
    return Stream.of(
        bad("a command is missing"),
        bad("there is no command 'convolve'; there are: compare", "convolve"),
        bad("'--colour'", "compare", "--colour"),
        bad("'64x56' is not a shape: expected CxHxW", "cost", "--in", "64x56"),
        bad("'abc' is not a shape", "compare", "--in", "abc"),
        bad("height is 0", "cost", "--in", "64x0x56"),
        bad("'3y3' is not a size", "cost", "--kernel", "3y3"),
        bad("stride is -1, but must be at least 1", "cost", "--stride", "-1"),
        bad("'some' is not a padding", "cost", "--padding", "some"),
        bad("'mish' is not an activation", "cost", "--activation", "mish"),
        bad("'chw' is not a layout", "compare", "--layout", "chw"),
        bad("3 groups do not divide 64 input channels", "cost", "--groups", "3"),
        bad("output would be empty", "cost", "--in", "3x2x2", "--padding", "valid"),
        bad("more than the 2147483639", "cost", "--in", "99999x9999x9999"),
        bad("output channels is 0", "compare", "--out", "0"),
        bad("'many' is not an int", "compare", "--out", "many"),
        bad("there is no backend 'tpu'; there are: cpu", "compare", "--backend", "tpu"),
        bad("there is no backend 'tpu'; there are: cpu", "verify", "--backend", "tpu"),
        bad("has no device '7'", "compare", "--backend", "cpu:7"),
        bad("threads is 0", "compare", "--threads", "0"),
        bad("threads is 100000, but must be at most 1024", "compare", "--threads", "100000"),
        bad("threads is 1025, but must be at most 1024", "bench", "--threads", "1025"),
        bad("option 'gpu.x' belongs to no backend", "devices", "--option", "gpu.x=1"),
        bad("--option", "devices", "--option", "novalue"),
        bad("--time is -1.0", "compare", "--time", "-1"),
        bad("there is no network 'resnet'", "cost", "--network", "resnet"),
        bad("width multiplier is 0.0", "cost", "--network", "mobilenet_v1", "--width", "0"),
        bad("--size belongs to --network", "cost", "--size", "128"),
        bad("--in describes one", "cost", "--network", "mobilenet_v1", "--in", "3x8x8"),
        bad("NETWORK", "run"),
        bad("there is no network 'resnet'; there are: mobilenet_v1", "run", "resnet"),
        bad("width multiplier is -1.0", "run", "mobilenet_v1", "--width", "-1"),
        bad("--batch is 0", "run", "mobilenet_v1", "--batch", "0"),
        bad("--time is 0.0", "run", "mobilenet_v1", "--time", "0"),
        bad("2 files are given with --output", "run", "mobilenet_v1", "--output=a", "--output=b"),
        bad("2 files are given with --input", "run", "mobilenet_v1", "--input=a", "--input=b"),
        bad("there is no file a.npy", "run", "mobilenet_v1", "--input", "a.npy"),
        bad("2 backends are named", "run", "mobilenet_v1", "-b", "cpu", "-b", "djl"),
        bad("NETWORK", "show"),
        bad("there is no network 'resnet'; there are: mobilenet_v1", "show", "resnet"),
        bad("--time is 0.0", "show", "mobilenet_v1", "--profile", "--time", "0"),
        bad("2 backends are named", "show", "mobilenet_v1", "-b", "cpu", "-b", "djl"),
        bad("--json", "cost", "--json"));
  }

  private static Arguments bad(String message, String... arguments) {
    return Arguments.of(message, arguments);
  }

  @ParameterizedTest
  @MethodSource("badInput")
  void badInputIsOneLineAndStatus2(String message, String[] arguments) {
    Ran ran = Ran.sepconv(arguments).expectStatus(2).expectErrorLine(message);
    assertEquals("", ran.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"compare", "verify", "devices --open", "devices --option fake.kernels=odd"})
  void settingThatABackendRefusesIsStatus2(String command) {
    Ran.sepconv(Behaviour.REFUSES_SETTING, command.split(" "))
        .expectStatus(2)
        .expectErrorLine("fake.kernels is 'odd'");
  }

  @Test
  void stackTraceOnlyWithVerbose() {
    Ran quiet = Ran.sepconv("cost", "--groups", "3").expectStatus(2).expectErrorLine();
    assertFalse(quiet.err().contains("at org.sepconv"), quiet.err());
    Ran verbose = Ran.sepconv("cost", "--groups", "3", "--verbose").expectStatus(2);
    assertTrue(verbose.err().contains("at org.sepconv"), verbose.err());
    Ran before = Ran.sepconv("--verbose", "cost", "--groups", "3").expectStatus(2);
    assertTrue(before.err().contains("at org.sepconv"), before.err());
  }

  @Test
  void messagesOfSeveralLinesBecomeOne() {
    Ran.sepconv(Behaviour.THROWS_IN_OPEN, "compare", "--backend", "fake")
        .expectStatus(1)
        .expectErrorLine("does not open: error -1001");
  }
}
