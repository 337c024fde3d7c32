package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.Test;

/** The list of options that the module's pom and docs/spark.md have. */
class JavaOptionsTest {
  @Test
  void theseTestsRunWithWhatSparksLauncherPasses() {
    List<String> passed = ManagementFactory.getRuntimeMXBean().getInputArguments();
    List<String> missing =
        Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
            // Ours, which the parent's pom switches off for some runs; and what is no option of the
            // JVM's own.
            .filter(option -> !option.startsWith("--add-modules"))
            .filter(option -> !passed.contains(option))
            .toList();
    assertEquals(List.of(), missing);
  }
}
