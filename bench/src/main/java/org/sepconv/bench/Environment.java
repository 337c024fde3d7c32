package org.sepconv.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** On what and when something was measured. */
public record Environment(String date, String cpu, int processors, String os, String jdk) {

  /** This machine, now. */
  public static Environment here() {
    return new Environment(
        LocalDate.now(ZoneOffset.UTC).toString(),
        cpu(Path.of("/proc/cpuinfo")),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vm.vendor") + " " + Runtime.version());
  }

  /** The processor's name and widest vector unit, where the system tells. */
  static String cpu(Path cpuinfo) {
    String text;
    try {
      text = Files.readString(cpuinfo, StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "unknown processor";
    }
    String name = field(text, "model name");
    String flags = " " + field(text, "flags") + " ";
    String vectors =
        flags.contains(" avx512f ") ? ", AVX-512" : flags.contains(" avx2 ") ? ", AVX2" : "";
    return (name.isEmpty() ? "unknown processor" : name) + vectors;
  }

  private static String field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  /** One line. */
  @Override
  public String toString() {
    return "%s, %d processors, %s, %s, %s".formatted(cpu, processors, os, jdk, date);
  }
}
