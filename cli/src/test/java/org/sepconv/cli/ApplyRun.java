package org.sepconv.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.sepconv.select.Backends;
import picocli.CommandLine;

/**
 * One run of the command in this JVM.
 *
 * @param status the exit status
 */
public record ApplyRun(int status, String out, String err) {

  /** Runs on the float64 reference. */
  public static ApplyRun of(Object... args) {
    return on(ApplyReferenceProvider.working(), args);
  }

  /** Runs on this backend alone. */
  public static ApplyRun on(ApplyReferenceProvider provider, Object... args) {
    return run(Main.commandLine(options -> Backends.of(options, List.of(provider))), args);
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
