package org.sepconv.examples.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.sepconv.cli.Main;
import picocli.CommandLine.ParameterException;

/** Whether a command of a page would be understood: it is looked at, not run. */
final class ShellCheck {
  private static final String LAUNCHER = "./sepconv";
  private static final String COMMAND_CLASS = "org.sepconv.cli.Main";
  private static final String JMH = "org.openjdk.jmh.Main";

  /** As the README installs it. */
  private static final String INSTALLED = "sepconv";

  private static final Set<String> PLAIN =
      Set.of("cd", "export", "javap", "ln", "mkdir", "source", "tar", "unzip");
  private static final Set<String> NPM = Set.of("ci", "pack", "run");
  private static final Set<String> GOALS =
      Set.of("clean", "test-compile", "package", "verify", "spotless:apply", "spotless:check");
  private static final Pattern PROPERTY = Pattern.compile("-D(sepconv\\.[\\w.-]+)=");

  private final Sources sources;

  ShellCheck(Sources sources) {
    this.sources = sources;
  }

  /** What is wrong with a command, or nothing. */
  Optional<String> problem(List<String> words) {
    String program = words.getFirst();
    List<String> arguments = words.subList(1, words.size());
    return switch (program) {
      case LAUNCHER, INSTALLED -> sepconv(arguments);
      case "java" -> java(arguments);
      case "mvn" -> maven(arguments);
      case "npm" ->
          problemIf(!NPM.contains(arguments.getFirst()), "npm has no " + arguments.getFirst());
      case "spark-submit" -> mainClass(after(arguments, "--class"));
      default ->
          program.contains("/")
              ? script(program, arguments)
              : problemIf(!PLAIN.contains(program), "nothing is known of " + program);
    };
  }

  private static Optional<String> problemIf(boolean wrong, String problem) {
    return wrong ? Optional.of(problem) : Optional.empty();
  }

  private static Optional<String> sepconv(List<String> arguments) {
    String[] words = arguments.toArray(String[]::new);
    try {
      Main.commandLine(
              _ -> {
                throw new AssertionError("nothing runs");
              },
              words)
          .parseArgs(words);
      return Optional.empty();
    } catch (ParameterException wrong) {
      return Optional.of(wrong.getMessage());
    }
  }

  private Optional<String> script(String program, List<String> arguments) {
    Path file = Page.ROOT.resolve(program);
    if (!Files.isExecutable(file)) {
      return Optional.of("there is no script " + program);
    }
    return arguments.contains("--class")
        ? mainClass(after(arguments, "--class"))
        : Optional.empty();
  }

  private Optional<String> java(List<String> arguments) {
    int classPath = arguments.indexOf("-cp");
    if (classPath < 0) {
      return Optional.of("java without -cp");
    }
    for (String entry : arguments.get(classPath + 1).split(":")) {
      if (!entry.startsWith("$")
          && !Files.exists(Page.ROOT.resolve(entry.replaceAll("target/.*", "pom.xml")))) {
        return Optional.of("there is no module of " + entry);
      }
    }
    List<String> options =
        arguments.subList(0, classPath).stream().filter(word -> !word.equals("OPTIONS")).toList();
    List<String> rest = arguments.subList(classPath + 2, arguments.size());
    String main = rest.getFirst();
    return jvm(options)
        .or(
            () ->
                switch (main) {
                  case COMMAND_CLASS -> sepconv(rest.subList(1, rest.size()));
                  case JMH ->
                      problemIf(sources.of(rest.get(1)).isEmpty(), "no benchmark " + rest.get(1));
                  default -> mainClass(main);
                });
  }

  private static Optional<String> jvm(List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Xms8m", "-Xmx64m", "-version")); // of two sizes the later counts
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes());
      return problemIf(process.waitFor() != 0, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private Optional<String> mainClass(String name) {
    String simple = name.substring(name.lastIndexOf('.') + 1);
    String folder = name.substring(0, name.lastIndexOf('.')).replace('.', '/');
    boolean runs =
        sources.of(simple).stream()
            .filter(file -> file.getParent().endsWith(folder))
            .anyMatch(file -> sources.text(file).contains("static void main("));
    return problemIf(!runs, "there is no main class " + name);
  }

  private Optional<String> maven(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      Optional<String> problem =
          switch (word) {
            case "-pl" -> modules(arguments.get(++i));
            case "-q", "-am", "-DskipTests", "-Dsurefire.failIfNoSpecifiedTests=false" ->
                Optional.empty();
            default -> mavenWord(word);
          };
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private Optional<String> mavenWord(String word) {
    if (word.startsWith("-P")) {
      return profiles(word.substring(2));
    }
    if (word.startsWith("-Dtest=")) {
      String name = word.substring("-Dtest=".length());
      return problemIf(sources.of(name).isEmpty(), "there is no test " + name);
    }
    if (word.startsWith("-Dsepconv.")) {
      List<String> unknown =
          PROPERTY
              .matcher(word)
              .results()
              .map((MatchResult found) -> found.group(1))
              .filter(name -> !sources.mention(name))
              .toList();
      return problemIf(!unknown.isEmpty(), "nothing reads " + unknown);
    }
    return problemIf(!GOALS.contains(word), "mvn has no " + word);
  }

  private static Optional<String> modules(String list) {
    return Arrays.stream(list.split(","))
        .filter(module -> !Files.exists(Page.ROOT.resolve(module).resolve("pom.xml")))
        .map(module -> "there is no module " + module)
        .findFirst();
  }

  private Optional<String> profiles(String list) {
    return Arrays.stream(list.split(","))
        .filter(profile -> !sources.mention("<id>" + profile + "</id>"))
        .map(profile -> "there is no profile " + profile)
        .findFirst();
  }

  private static String after(List<String> words, String option) {
    return words.get(words.indexOf(option) + 1);
  }
}
