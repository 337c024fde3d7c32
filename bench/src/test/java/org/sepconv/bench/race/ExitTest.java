package org.sepconv.bench.race;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;
import org.sepconv.select.Backends;

/** A process ends as it was told while threads prepare and run, and the JVM does not die of it. */
class ExitTest {
  private static final int TIMES = Extent.all() || RacesTest.SECONDS > 0 ? 10 : 1;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "opencl", "djl"})
  void endsWithItsStatus(String name) throws Exception {
    try (Backends backends = Backends.discover()) {
      RacesTest.require(backends, name);
    }
    for (int i = 0; i < TIMES; i++) {
      ChildJvm.Ended ended =
          new ChildJvm()
              .in(folder)
              .option("--add-modules", "jdk.incubator.vector", "-Dsepconv.hostSpeed=assumed")
              .run(ExitMain.class, name);
      try (Stream<Path> files = Files.list(folder)) {
        assertEquals(List.of(), files.toList(), ended::output);
      }
      assertEquals(ExitMain.STATUS, ended.status(), ended::output);
    }
  }
}
