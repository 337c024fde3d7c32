package org.sepconv.cli.doctor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sepconv.spi.Finding;

/** A JVM with which all is well, and how to spoil it. */
final class Jvm {
  static final JvmFacts FINE =
      new JvmFacts(
          25,
          "25.0.1 (Vendor)",
          "/jdk",
          "mixed mode",
          Map.of(
              "UseAVX", "3",
              "MaxVectorSize", "64",
              "UseFMA", "true",
              "TieredStopAtLevel", "4",
              "ActiveProcessorCount", "-1",
              "UseTransparentHugePages", "false"),
          List.of(),
          true,
          true,
          Map.of());

  private Jvm() {}

  static JvmFacts version(int feature) {
    return new JvmFacts(
        feature,
        feature + " (Vendor)",
        "/jdk",
        "mixed mode",
        FINE.options(),
        List.of(),
        true,
        true,
        Map.of());
  }

  static JvmFacts mode(String mode) {
    return new JvmFacts(25, "25", "/jdk", mode, FINE.options(), List.of(), true, true, Map.of());
  }

  /** With another value of one of HotSpot's options. */
  static JvmFacts option(String name, String value) {
    Map<String, String> options = new TreeMap<>(FINE.options());
    options.put(name, value);
    return options(options);
  }

  static JvmFacts options(Map<String, String> options) {
    return new JvmFacts(25, "25", "/jdk", "mixed mode", options, List.of(), true, true, Map.of());
  }

  static JvmFacts access(boolean vectorModule, boolean nativeAccess, String... arguments) {
    return new JvmFacts(
        25,
        "25",
        "/jdk",
        "mixed mode",
        FINE.options(),
        List.of(arguments),
        vectorModule,
        nativeAccess,
        Map.of());
  }

  static JvmFacts environment(String name, String value) {
    return new JvmFacts(
        25,
        "25",
        "/jdk",
        "mixed mode",
        FINE.options(),
        List.of("-Xmx1g", "-Dx=y"),
        false,
        true,
        Map.of(name, value));
  }

  /** The finding of a check. */
  static Finding finding(String check, List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.check().equals(check))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no check '" + check + "' in " + findings));
  }
}
