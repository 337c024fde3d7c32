import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Adds to a folder with the jars of the command, in {@code lib}, what else a distribution is made of: a Java run time,
 * the GPU measurement, shell completions, licences, and the caches that the command starts with. The build runs it from
 * source, on the JDK whose run time is to ship.
 *
 * <p>Arguments: the folder; the root of the checkout; the time that all files will have.
 */
final class Assemble {

  /** Of the JDK: what jdeps finds in our jars, and the Vector API. */
  private static final String MODULES =
      "java.desktop,java.logging,jdk.incubator.vector,jdk.management,jdk.unsupported";

  private static final List<String> OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  /**
   * The adapters between interpreted and compiled code would be kept with the instructions of this processor, and the JVM
   * does not look whether that of the user has them.
   */
  private static final List<String> NO_MACHINE_CODE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-XX:-AOTStubCaching");

  private final Path folder;
  private final Path lib;
  private final Path root;
  private final FileTime time;

  private Assemble(Path folder, Path root, FileTime time) {
    this.folder = folder;
    this.lib = folder.resolve("lib");
    this.root = root;
    this.time = time;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    new Assemble(folder, Path.of(arguments[1]), FileTime.from(Instant.parse(arguments[2]))).run();
  }

  private void run() throws IOException, InterruptedException {
    link();
    java("-cp", jar("sepconv-cli-").toString(), "org.sepconv.cli.ModernJar", jar("picocli-").toString());
    compileMeasurement();
    complete();
    collectLicences();
    setTimes(); // the caches are of jars with these times
    cache("light", List.of(), "--version", "--help", "compare --help", "cost",
        "cost --network mobilenet_v1 --json -", "generate-completion", "convolve");
    cache("full", List.of("--add-modules", "jdk.incubator.vector"),
        "devices", "devices --json -", "select --help", "compare --help");
  }

  private void link() throws IOException {
    Path image = folder.resolve("runtime");
    delete(image);
    tool("jlink", "--add-modules", MODULES, "--no-man-pages", "--no-header-files", "--output", image.toString());
    Path jsig = image.resolve("lib/libjsig.so");
    if (Files.exists(jsig)) { // none but Linux has one of this name
      Path preload = Files.createDirectories(lib.resolve("preload"));
      Files.copy(jsig, preload.resolve("libjsig.so"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void compileMeasurement() throws IOException {
    Path gpu = Files.createDirectories(folder.resolve("bench/gpu"));
    Path classes = Files.createTempDirectory("classes");
    String source = root.resolve("bench/gpu/MobileNetLayers.java").toString();
    tool("javac", "-cp", classPath(), "-d", classes.toString(), source);
    tool("jar", "--create", "--date=" + time, "--file=" + gpu.resolve("mobilenet-layers.jar"), "-C", classes.toString(), ".");
    delete(classes);
  }

  private void complete() throws IOException, InterruptedException {
    Path bash = folder.resolve("share/bash-completion/completions/sepconv");
    Path zsh = folder.resolve("share/zsh/site-functions/_sepconv");
    Files.createDirectories(bash.getParent());
    Files.createDirectories(zsh.getParent());
    String script = java("-cp", classPath(), "org.sepconv.cli.Main", "generate-completion");
    // Not the day of the build.
    script = script.replaceAll("(?m)^# Date: .*$", "# Date: " + time);
    Files.writeString(bash, script);
    // zsh runs the file where it first completes: it shall define the function, and answer with it.
    Files.writeString(
        zsh, "#compdef sepconv\n" + script + "_bash_complete -o default -F _complete_sepconv\n");
  }

  /** What jars say of their licences, each in a folder of the jar's name. */
  private void collectLicences() throws IOException {
    Path licences = folder.resolve("licenses");
    for (Path jar : jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        for (var entry : Collections.list(file.entries())) {
          String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
          if (name.matches("(LICENSE|NOTICE|AL2\\.0|LGPL2\\.1).*|about.*\\.html") && !entry.isDirectory()) {
            Path target = licences.resolve(jar.getFileName().toString().replace(".jar", "")).resolve(name);
            Files.createDirectories(target.getParent());
            Files.write(target, file.getInputStream(entry).readAllBytes());
          }
        }
      }
    }
  }

  private void setTimes() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, time);
      }
    }
  }

  /** An AOT cache of what these commands need. It is of this run time, and of jars of these names, sizes and times. */
  private void cache(String name, List<String> options, String... commands) throws IOException, InterruptedException {
    List<String> start = new ArrayList<>(OPTIONS);
    start.addAll(options);
    Path configuration = Files.createTempFile(name, ".conf");
    List<String> record = new ArrayList<>(start);
    record.addAll(List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration, "-cp", classPath()));
    record.addAll(List.of("-Dsepconv.stderr=3", "org.sepconv.cli.StartTraining"));
    record.addAll(List.of(commands));
    java(record.toArray(String[]::new));
    List<String> create = new ArrayList<>(start);
    create.addAll(NO_MACHINE_CODE);
    create.addAll(List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + configuration));
    create.addAll(List.of("-XX:AOTCache=" + lib.resolve(name + ".aot"), "-cp", classPath()));
    java(create.toArray(String[]::new));
    Files.delete(configuration);
  }

  private List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private Path jar(String prefix) throws IOException {
    return jars().stream().filter(jar -> jar.getFileName().toString().startsWith(prefix)).findFirst().orElseThrow();
  }

  private String classPath() throws IOException {
    return jars().stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private static void tool(String name, String... arguments) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    if (ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments) != 0) {
      throw new IllegalStateException(name + " failed: " + text);
    }
  }

  /** Runs the image's java and returns what it prints to stdout. */
  private String java(String... arguments) throws IOException, InterruptedException {
    // The third descriptor is for -Dsepconv.stderr=3, which the launcher gives.
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$0\" \"$@\" 3>/dev/null"));
    command.add(folder.resolve("runtime/bin/java").toString());
    command.addAll(List.of(arguments));
    Path work = Files.createTempDirectory("work"); // where drivers leave things
    ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    Path errors = Files.createTempFile("java", ".err");
    Process process = builder.redirectError(errors.toFile()).start();
    String printed = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", command) + " failed: " + printed + Files.readString(errors));
    }
    Files.delete(errors);
    delete(work);
    return printed;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
