package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cpu.VectorModule;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

@DisplayName("measured matrix tiles")
class TileMeasurementTest {
  private int bits;

  @TempDir Path folder;

  @BeforeEach
  void needsVectors() {
    VectorModule.assumePresent();
    bits = VectorKernels.preferredBits();
  }

  @Test
  void areMeasuredOnceAndKept() throws IOException {
    assertEquals(Optional.empty(), new TileMeasurement(bits, Optional.of(folder)).kept());
    TileChoice measured = new TileMeasurement(bits, Optional.of(folder)).keptOrMeasured();
    assertEquals(TileChoice.ANY_DEPTH, measured.upTo().lastKey());
    assertTrue(MatrixTileShape.offered(bits).containsAll(measured.upTo().values()), "offered");
    assertEquals(Optional.of(measured), new TileMeasurement(bits, Optional.of(folder)).kept());
    assertEquals(1, files().count());
  }

  @Test
  void areForgottenWhereTheFileIsDamaged() throws IOException {
    new TileMeasurement(bits, Optional.of(folder)).keptOrMeasured();
    Path file = files().findFirst().orElseThrow();
    Files.writeString(file, "any:99x9");
    assertEquals(Optional.empty(), new TileMeasurement(bits, Optional.of(folder)).kept());
  }

  @Test
  void areTakenByABackendThatIsAskedTo() throws IOException {
    open("auto");
    assertEquals(0, files().count());
    open("measured");
    assertEquals(1, files().count());
  }

  private void open(String tile) {
    BackendOptions options =
        BackendOptions.defaults()
            .withWarmUp(Duration.ZERO)
            .with("cpu.tile", tile)
            .with("cpu.vector-bits", "" + bits)
            .with("cpu.cache", folder.toString());
    try (Backends backends = Backends.discover(options)) {
      assertEquals("cpu", backends.backend("cpu").device().id());
    }
  }

  private Stream<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    }
  }
}
