package org.sepconv.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sepconv.spi.Finding;

/** Whether the JVM is new enough and was started as Sepconv needs it. */
public final class JvmChecks {
  private static final int LEAST_JAVA = 25;
  private static final String VECTOR_FLAG = "--add-modules jdk.incubator.vector";
  private static final String NATIVE_FLAG = "--enable-native-access=ALL-UNNAMED";
  private static final String DENY = "--illegal-native-access=deny";

  /** Above this level of tiered compilation is C2, which the Vector API needs. */
  private static final int C2 = 4;

  /** Options of every start by the launcher, which change when classes are loaded and no more. */
  private static final Pattern LAUNCHERS_OWN =
      Pattern.compile("-XX:AOTCache=.*/cli/target/start/.*|-Xlog:(aot|cds)\\*=off");

  /** Variables from which a JVM, or the launcher, takes options. */
  private static final List<String> OPTION_VARIABLES =
      List.of("JAVA_OPTS", "JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

  private JvmChecks() {}

  public static List<Finding> of(JvmFacts jvm) {
    List<Finding> findings = new ArrayList<>();
    findings.add(version(jvm));
    findings.add(home(jvm));
    findings.add(vectorModule(jvm));
    findings.add(nativeAccess(jvm));
    findings.add(compiler(jvm));
    findings.add(options(jvm));
    return findings;
  }

  private static Finding version(JvmFacts jvm) {
    return jvm.feature() >= LEAST_JAVA
        ? Finding.ok("version", "Java " + jvm.version())
        : Finding.failed(
            "version",
            "Java " + jvm.version() + " is too old",
            "install a JDK %d or newer, and set JAVA_HOME or SEPCONV_JAVA_HOME to its folder"
                .formatted(LEAST_JAVA));
  }

  private static Finding home(JvmFacts jvm) {
    for (String variable : List.of("SEPCONV_JAVA_HOME", "JAVA_HOME")) {
      String value = jvm.environment().getOrDefault(variable, "");
      if (!value.isBlank()) {
        boolean same = Path.of(value).normalize().equals(Path.of(jvm.home()).normalize());
        return Finding.ok(
            "started with",
            same
                ? "%s, as %s says".formatted(jvm.home(), variable)
                : "%s, and not %s=%s".formatted(jvm.home(), variable, value));
      }
    }
    return Finding.ok("started with", jvm.home());
  }

  private static Finding vectorModule(JvmFacts jvm) {
    return jvm.vectorModule()
        ? Finding.ok("vector module", "jdk.incubator.vector is resolved")
        : Finding.warning(
            "vector module",
            "jdk.incubator.vector is not resolved: the CPU backend has scalar kernels only",
            "off".equals(jvm.environment().get("SEPCONV_VECTOR"))
                ? "unset SEPCONV_VECTOR"
                : "start java with " + VECTOR_FLAG);
  }

  private static Finding nativeAccess(JvmFacts jvm) {
    if (jvm.nativeAccess()) {
      return Finding.ok("native access", "enabled");
    }
    String remedy = "start java with " + NATIVE_FLAG;
    return jvm.arguments().contains(DENY)
        ? Finding.failed(
            "native access", "denied (%s): OpenCL and PyTorch do not load".formatted(DENY), remedy)
        : Finding.warning(
            "native access",
            "not enabled: java warns when OpenCL or PyTorch load, and a later release will refuse",
            remedy);
  }

  private static Finding compiler(JvmFacts jvm) {
    if (jvm.mode().contains("interpreted")) {
      return Finding.warning(
          "compiler",
          "none: java interprets everything, about 1000 times slower",
          "start java without -Xint");
    }
    Optional<Integer> level = jvm.number("TieredStopAtLevel").filter(stop -> stop < C2);
    if (level.isPresent()) {
      return Finding.warning(
          "compiler",
          "C2 is off (-XX:TieredStopAtLevel=%d): vectors become objects, hundreds of times slower"
              .formatted(level.get()),
          "start java without -XX:TieredStopAtLevel");
    }
    return jvm.option("MaxVectorSize").isPresent()
        ? Finding.ok("compiler", "C2, " + jvm.mode())
        : Finding.warning(
            "compiler",
            "this JVM has no C2, without which the Vector API is slow",
            "use a JDK with HotSpot's server compiler, for instance Eclipse Temurin " + LEAST_JAVA);
  }

  private static Finding options(JvmFacts jvm) {
    String fromEnvironment =
        OPTION_VARIABLES.stream()
            .filter(name -> !jvm.environment().getOrDefault(name, "").isBlank())
            .map(name -> name + "=" + jvm.environment().get(name))
            .collect(Collectors.joining(", "));
    String flags =
        jvm.arguments().stream()
            .filter(argument -> argument.startsWith("-X") || argument.startsWith("-agent"))
            .filter(argument -> !LAUNCHERS_OWN.matcher(argument).matches())
            .collect(Collectors.joining(" "));
    String given =
        Stream.of(flags, fromEnvironment.isEmpty() ? "" : "from " + fromEnvironment)
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("; "));
    return Finding.ok("options", given.isEmpty() ? "none that change the speed" : given);
  }
}
