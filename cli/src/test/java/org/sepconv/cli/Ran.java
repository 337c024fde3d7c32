package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a command did: exit status, stdout and stderr. */
public record Ran(int status, String out, String err) {

  /** Runs the command with the backends on the class path. */
  public static Ran sepconv(String... arguments) {
    return with(Backends::discover, arguments);
  }

  /** Runs the command with one fake backend named {@code fake}. */
  public static Ran sepconv(Behaviour behaviour, String... arguments) {
    List<ConvBackendProvider> providers = List.of(new FakeProvider("fake", behaviour));
    return with(options -> Backends.of(options, providers), arguments);
  }

  /** Runs the command with these backends. */
  public static Ran with(Function<BackendOptions, Backends> discovery, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.commandLine(discovery, arguments)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new Ran(status, out.toString(), err.toString());
  }

  /** Stdout as JSON. */
  public JsonNode json() {
    return JsonMapper.shared().readTree(out);
  }

  public Ran expectStatus(int expected) {
    assertEquals(expected, status, () -> "exit status; stdout:\n" + out + "stderr:\n" + err);
    return this;
  }

  public Ran expectOut(String... parts) {
    Arrays.stream(parts)
        .forEach(part -> assertTrue(out.contains(part), () -> part + " in\n" + out));
    return this;
  }

  /** Stderr is one line that starts with the program's name and contains all parts. */
  public Ran expectErrorLine(String... parts) {
    assertTrue(err.startsWith("sepconv: "), err);
    assertEquals(1, err.lines().count(), err);
    Arrays.stream(parts).forEach(part -> assertTrue(err.contains(part), () -> part + " in " + err));
    return this;
  }
}
