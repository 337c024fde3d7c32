package org.sepconv.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.select.Backends;
import picocli.CommandLine;

/**
 * One run of the command in this JVM.
 *
 * @param status the exit status
 */
public record ApplyRun(int status, String out, String err) {

  /** Runs on the float64 reference, unless another backend is named: there is none. */
  public static ApplyRun of(Object... args) {
    boolean named = Arrays.stream(args).anyMatch(arg -> text(arg).startsWith("--backend"));
    Stream<Object> reference = named ? Stream.empty() : Stream.of("--backend=reference");
    CommandLine command =
        Main.commandLine(options -> Backends.of(options, List.of(new ReferenceBackendProvider())));
    return run(command, Stream.concat(Arrays.stream(args), reference).toArray());
  }

  /** Runs on a backend named {@code fake} alone. */
  public static ApplyRun on(Behaviour behaviour, Object... args) {
    FakeProvider fake = new FakeProvider("fake", behaviour);
    return run(Main.commandLine(options -> Backends.of(options, List.of(fake))), args);
  }

  /** Runs on what is on the class path. */
  public static ApplyRun onClassPath(Object... args) {
    return run(Main.commandLine(Backends::discover), args);
  }

  private static ApplyRun run(CommandLine command, Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        command
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(Arrays.stream(args).map(ApplyRun::text).toArray(String[]::new));
    return new ApplyRun(status, out.toString(), err.toString());
  }

  private static String text(Object argument) {
    return argument instanceof Path path ? path.toString() : String.valueOf(argument);
  }
}
