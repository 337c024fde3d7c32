package org.sepconv.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The processor of this machine, as precisely as the system tells without native code.
 *
 * @param name what it calls itself: {@code AMD EPYC 7763 64-Core Processor}; where the system does
 *     not tell, its architecture
 * @param model what tells two processors of one name apart: {@code GenuineIntel, family 6, model
 *     143, stepping 8}; empty where the name is all there is
 * @param features the instruction sets by the system's names, {@code avx512f}; empty where the
 *     system does not list them
 * @param logical processors of the whole machine, whatever this process may use; 0 where unknown
 */
public record Processor(String name, String model, Set<String> features, int logical) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final List<String> MAC_NAME =
      List.of("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string");
  private static final int MAC_SECONDS = 2;

  public Processor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    features = Set.copyOf(features);
    if (logical < 0) {
      throw new IllegalArgumentException("logical processors is " + logical);
    }
  }

  /** The processor that this JVM runs on. Never fails: what cannot be read stays empty. */
  public static Processor here() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch");
    if (system.contains("mac")) {
      return named(firstLine(MAC_NAME), architecture);
    }
    if (system.contains("windows")) {
      return named(System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", ""), architecture);
    }
    return of(CPUINFO, architecture);
  }

  /** From a file in the format of Linux's {@code /proc/cpuinfo}; x86 and Arm name their fields. */
  static Processor of(Path cpuinfo, String architecture) {
    try {
      return parse(Files.readString(cpuinfo, StandardCharsets.UTF_8), architecture);
    } catch (IOException _) {
      return named("", architecture);
    }
  }

  static Processor parse(String cpuinfo, String architecture) {
    String name = field(cpuinfo, "model name");
    String flags = field(cpuinfo, "flags");
    return new Processor(
        name.isEmpty() ? unnamed(architecture) : name,
        model(cpuinfo),
        words(flags.isEmpty() ? field(cpuinfo, "Features") : flags),
        (int) cpuinfo.lines().filter(line -> line.matches("processor\\s*:.*")).count());
  }

  private static Processor named(String name, String architecture) {
    return new Processor(name.isBlank() ? unnamed(architecture) : name.strip(), "", Set.of(), 0);
  }

  private static String unnamed(String architecture) {
    return architecture + " processor";
  }

  private static String model(String cpuinfo) {
    List<String> parts = new ArrayList<>();
    String vendor = field(cpuinfo, "vendor_id");
    if (!vendor.isEmpty()) {
      parts.add(vendor);
    }
    add(parts, "family", field(cpuinfo, "cpu family"));
    add(parts, "model", field(cpuinfo, "model"));
    add(parts, "stepping", field(cpuinfo, "stepping"));
    for (String field : List.of("implementer", "variant", "part", "revision")) {
      add(parts, field, field(cpuinfo, "CPU " + field));
    }
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, String what, String value) {
    if (!value.isEmpty()) {
      parts.add(what + " " + value);
    }
  }

  /** The value of a field in the block of the first processor; empty if it has none. */
  private static String field(String cpuinfo, String name) {
    return cpuinfo
        .lines()
        .filter(line -> line.indexOf(':') > 0)
        .filter(line -> line.substring(0, line.indexOf(':')).strip().equals(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static Set<String> words(String text) {
    return text.isBlank() ? Set.of() : Set.copyOf(List.of(text.strip().split("\\s+")));
  }

  private static String firstLine(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      if (!process.waitFor(MAC_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output.lines().findFirst().orElse("");
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Its widest vector unit: {@code AVX-512}, {@code AVX2}, {@code SVE}; empty where unknown. */
  public String vectors() {
    if (features.contains("avx512f")) {
      return "AVX-512";
    }
    if (features.contains("avx2")) {
      return "AVX2";
    }
    if (features.contains("sve")) {
      return "SVE";
    }
    return features.contains("asimd") ? "NEON" : "";
  }

  /** Name and vectors, for people: {@code AMD EPYC 7763 64-Core Processor, AVX2}. */
  public String describe() {
    return vectors().isEmpty() ? name : name + ", " + vectors();
  }
}
