package org.sepconv.cli.frame;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.sepconv.files.AtomicFile;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command's results go: text to stdout, and with {@code --json FILE} the same as JSON to a
 * file, or with {@code --json -} JSON alone to stdout.
 */
public final class OutputMixin {
  private static final String STDOUT = "-";

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the results as JSON too; '-' prints JSON to stdout and nothing else.")
  private Optional<String> file = Optional.empty();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Where text goes: stdout, or nowhere if JSON goes there. */
  public PrintWriter text() {
    return toStdout() ? new PrintWriter(Writer.nullWriter()) : stdout();
  }

  /** Messages that are not results, and progress. */
  public PrintWriter err() {
    return command.commandLine().getErr();
  }

  /**
   * Refuses a file that cannot be written, before anything is computed for it: called for every
   * command before it runs.
   *
   * @throws IOException saying what is wrong with the path
   */
  public void check() throws IOException {
    if (file.isPresent() && !toStdout()) {
      AtomicFile.check(Path.of(file.get()));
    }
  }

  /**
   * Writes {@code document}, a record or a collection, where the user asked for it; a file appears
   * whole or not at all.
   */
  public void json(Object document) throws IOException {
    if (file.isEmpty()) {
      return;
    }
    String text = Json.MAPPER.writeValueAsString(document) + "\n";
    if (toStdout()) {
      stdout().print(text);
      stdout().flush();
    } else {
      AtomicFile.write(
          Path.of(file.get()), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private boolean toStdout() {
    return file.filter(STDOUT::equals).isPresent();
  }

  private PrintWriter stdout() {
    return command.commandLine().getOut();
  }

  /** Loaded only where JSON is asked for: it takes long to set up. */
  private static final class Json {
    static final JsonMapper MAPPER =
        JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  }
}
