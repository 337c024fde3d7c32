package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.select.Backends;
import picocli.CommandLine;

/**
 * Every command refuses a file that cannot be written before it computes anything, and names it.
 */
class OutputFilesTest {
  private static final String TARGET = "@";

  @TempDir Path folder;

  @BeforeEach
  void makeAFile() throws IOException {
    Files.writeString(folder.resolve("file"), "");
  }

  /** Command lines in which {@link #TARGET} stands for the file to write. */
  static Stream<List<String>> writing() {
    Stream<List<String>> json =
        Main.commandLine(Backends::discover).getSubcommands().values().stream()
            .filter(command -> command.getCommandSpec().optionsMap().containsKey("--json"))
            .map(OutputFilesTest::withJson);
    return Stream.concat(
        json,
        Stream.of(
            List.of("filter", "in.png", TARGET + ".png"),
            List.of("apply", "--input=x.npy", "--filter=f.npy", "--output", TARGET),
            List.of("run", "mobilenet_v1", "--output", TARGET),
            List.of("show", "mobilenet_v1", "--html", TARGET),
            List.of("classify", "mobilenet_v1", "in.png", "--output", TARGET + ".csv"),
            List.of("export", "mobilenet_v1", TARGET + ".onnx"),
            List.of("convert", "in.npz", TARGET + ".npz"),
            List.of("bench", "--jmh-json", TARGET),
            List.of("bench", "--report", TARGET)));
  }

  private static List<String> withJson(CommandLine command) {
    List<String> line = new ArrayList<>(List.of(command.getCommandName(), "--json", TARGET));
    switch (command.getCommandName()) {
      case "filter" -> line.addAll(List.of("in.png", "out.png"));
      case "apply" -> line.addAll(List.of("--input=x.npy", "--filter=f.npy", "--output=y.npy"));
      case "run", "show" -> line.add("mobilenet_v1");
      case "classify" -> line.addAll(List.of("mobilenet_v1", "in.png"));
      case "export" -> line.addAll(List.of("mobilenet_v1", "out.onnx"));
      case "convert" -> line.addAll(List.of("in.npz", "out.npz"));
      default -> {}
    }
    return line;
  }

  @ParameterizedTest
  @MethodSource("writing")
  void missingFolder(List<String> line) {
    refused(line, folder.resolve("no/such/x"), "there is no folder " + folder.resolve("no/such"));
  }

  @ParameterizedTest
  @MethodSource("writing")
  void folderThatIsAFile(List<String> line) {
    refused(line, folder.resolve("file/x"), folder.resolve("file") + " is not a folder");
  }

  @ParameterizedTest
  @MethodSource("writing")
  void fileThatIsAFolder(List<String> line) throws IOException {
    for (String name : List.of("x.png", "x.csv", "x.onnx", "x.npz")) {
      Files.createDirectories(folder.resolve(name));
    }
    Files.createDirectories(folder.resolve("x"));
    refused(line, folder.resolve("x"), "it is a folder");
  }

  @ParameterizedTest
  @MethodSource("writing")
  void readOnlyFolder(List<String> line) throws IOException {
    Path locked = Files.createDirectories(folder.resolve("locked"));
    Assumptions.assumeTrue(locked.toFile().setWritable(false), "no permissions here");
    try {
      Assumptions.assumeFalse(Files.isWritable(locked), "this user may write everywhere");
      refused(line, locked.resolve("x"), "no permission to create files in " + locked);
    } finally {
      locked.toFile().setWritable(true);
    }
  }

  private static void refused(List<String> line, Path target, String reason) {
    String[] arguments =
        line.stream().map(word -> word.replace(TARGET, target.toString())).toArray(String[]::new);
    Ran ran =
        Ran.sepconv(Behaviour.RIGHT, arguments)
            .expectStatus(2)
            .expectErrorLine("cannot write " + target, ": " + reason);
    assertEquals("", ran.out());
    assertFalse(ran.err().contains(".tmp"), ran.err());
  }

  @Test
  void foldersOfProfilesAndAnswersAreNamedToo() {
    Path file = folder.resolve("file");
    Ran.sepconv(Behaviour.RIGHT, "calibrate", "--profiles", file.resolve("p").toString())
        .expectStatus(2)
        .expectErrorLine("cannot keep files in " + file.resolve("p"), file + " is not a folder");
    Ran.sepconv(Behaviour.RIGHT, "select", "--select=measured", "--select-cache", file.toString())
        .expectStatus(2)
        .expectErrorLine("cannot keep files in " + file, file + " is not a folder");
  }

  @Test
  void helpNeedsNoFile() {
    Ran.sepconv("cost", "--json", folder.resolve("no/x").toString(), "--help").expectStatus(0);
  }
}
