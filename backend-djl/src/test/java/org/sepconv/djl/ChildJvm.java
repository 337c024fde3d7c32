package org.sepconv.djl;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A JVM of its own, for what would spoil this one: another class path, a trap, a crash. */
final class ChildJvm {
  private final List<String> options = new ArrayList<>();
  private final List<String> withoutEnvironment = new ArrayList<>(List.of("DJL_OFFLINE"));
  private final ProcessBuilder builder = new ProcessBuilder();
  private String nativeAccess = "--enable-native-access=ALL-UNNAMED";
  private String classPath = System.getProperty("java.class.path");

  record Ended(int status, String output) {}

  ChildJvm option(String option) {
    options.add(option);
    return this;
  }

  /** Instead of the option that enables it. */
  ChildJvm nativeAccess(String option) {
    nativeAccess = option;
    return this;
  }

  ChildJvm environment(String name, String value) {
    builder.environment().put(name, value);
    withoutEnvironment.remove(name);
    return this;
  }

  /** Takes jars whose name contains {@code part} from the class path. */
  ChildJvm without(String part) {
    classPath =
        List.of(classPath.split(File.pathSeparator)).stream()
            .filter(entry -> !Path.of(entry).getFileName().toString().contains(part))
            .collect(Collectors.joining(File.pathSeparator));
    return this;
  }

  ChildJvm with(Path folder) {
    classPath += File.pathSeparator + folder;
    return this;
  }

  /** Runs a main class to its end; a child that hangs is an error. */
  Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    withoutEnvironment.forEach(builder.environment()::remove);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(nativeAccess);
    command.add("-XX:-CreateCoredumpOnCrash");
    // Of which the JVM warns where a process of another container has its number.
    command.add("-XX:-UsePerfData");
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("child", ".txt");
    try {
      Process process =
          builder
              .command(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the child hangs: " + Files.readString(output));
      }
      return new Ended(process.exitValue(), Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }
}
