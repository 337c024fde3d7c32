package org.sepconv.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts main classes of the tests in processes of their own, with other environments. */
public final class ChildJvm {
  private ChildJvm() {}

  /** What a process printed, on both streams, and how it ended. */
  public record Result(int status, String output) {}

  public static Process start(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    return start("--enable-native-access=ALL-UNNAMED", main, environment, arguments);
  }

  /** With another option about native access. */
  public static Process start(
      String nativeAccess, Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                nativeAccess,
                // Of which the JVM warns where a process of another container has its number.
                "-XX:-UsePerfData",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  public static Result finish(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), output);
  }

  public static Result run(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return finish(start(main, environment, arguments));
  }
}
