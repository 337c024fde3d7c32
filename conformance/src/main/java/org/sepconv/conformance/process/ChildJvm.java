package org.sepconv.conformance.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A JVM of its own, for what would spoil this one: another class path, other options or another
 * environment, a crash, an end by {@code kill -9}. It has this JVM's class path and environment but
 * for what is said otherwise, may call native code, and is killed where it hangs.
 */
public final class ChildJvm {
  private static final long PATIENCE_SECONDS = 240;

  private final List<String> options = new ArrayList<>();
  private List<String> prefix = List.of();
  private final Map<String, Optional<String>> environment = new LinkedHashMap<>();
  private boolean emptyEnvironment;
  private Optional<Path> folder = Optional.empty();
  private String nativeAccess = "--enable-native-access=ALL-UNNAMED";
  private String classPath = System.getProperty("java.class.path");

  /** How it ended, and what it printed until then. */
  public record Ended(int status, String out, String err) {
    /** Both streams, one after the other. */
    public String output() {
      return out + err;
    }
  }

  /** One that was started. */
  public record Started(Process process, Path out, Path err) {
    /**
     * Waits for its end.
     *
     * @throws AssertionError if it hangs
     */
    public Ended finish() throws IOException, InterruptedException {
      try {
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
          process.destroyForcibly().waitFor();
        }
        Ended result = new Ended(process.exitValue(), printed(), Files.readString(err));
        if (!ended) {
          throw new AssertionError("the child hangs: " + result);
        }
        return result;
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    }

    /** What it has printed to stdout until now. */
    public String printed() {
      try {
        return Files.readString(out);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    /** Ends it as {@code kill -9} does. */
    public Ended kill() throws IOException, InterruptedException {
      process.destroyForcibly();
      return finish();
    }
  }

  public ChildJvm option(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Instead of the option that enables it. */
  public ChildJvm nativeAccess(String option) {
    nativeAccess = option;
    return this;
  }

  public ChildJvm environment(String name, String value) {
    environment.put(name, Optional.of(value));
    return this;
  }

  public ChildJvm withoutEnvironment(String name) {
    environment.put(name, Optional.empty());
    return this;
  }

  /** Nothing in the environment but what is given. */
  public ChildJvm emptyEnvironment() {
    emptyEnvironment = true;
    return this;
  }

  /** As the arguments of another command, which changes what the JVM finds and starts it. */
  public ChildJvm within(String... command) {
    prefix = List.of(command);
    return this;
  }

  /** In this working directory. */
  public ChildJvm in(Path directory) {
    folder = Optional.of(directory);
    return this;
  }

  /** Takes jars whose name contains {@code part} from the class path. */
  public ChildJvm without(String part) {
    classPath =
        List.of(classPath.split(File.pathSeparator)).stream()
            .filter(entry -> !Path.of(entry).getFileName().toString().contains(part))
            .collect(Collectors.joining(File.pathSeparator));
    return this;
  }

  /** Adds a folder or jar to the class path. */
  public ChildJvm with(Path entry) {
    classPath += File.pathSeparator + entry;
    return this;
  }

  /** Runs a main class to its end. */
  public Ended run(Class<?> main, String... arguments) throws IOException, InterruptedException {
    return start(main, arguments).finish();
  }

  public Started start(Class<?> main, String... arguments) throws IOException {
    return start(main.getName(), arguments);
  }

  /** A main class by its name. */
  public Started start(String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(nativeAccess);
    command.add("-XX:-CreateCoredumpOnCrash");
    // Of which the JVM warns where a process of another container has its number.
    command.add("-XX:-UsePerfData");
    command.addAll(options);
    command.add("-cp");
    command.add(classPath);
    command.add(main);
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("child", ".out");
    Path err = Files.createTempFile("child", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    folder.ifPresent(directory -> builder.directory(directory.toFile()));
    Map<String, String> variables = builder.environment();
    if (emptyEnvironment) {
      variables.clear();
    }
    environment.forEach(
        (name, value) ->
            value.ifPresentOrElse(text -> variables.put(name, text), () -> variables.remove(name)));
    return new Started(builder.start(), out, err);
  }
}
