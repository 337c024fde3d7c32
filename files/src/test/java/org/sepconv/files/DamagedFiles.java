package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sepconv.conformance.file.Mutations;

/** What readers make of damaged files. */
final class DamagedFiles {
  private static final int COUNT = 3000;

  /** Reads a file. */
  @FunctionalInterface
  interface Reader {
    void read(Path path) throws IOException;
  }

  private DamagedFiles() {}

  /**
   * Reads many damaged files, each of which must be read or refused with an {@link
   * IllegalArgumentException} or, where it cannot be read, an {@link IOException}.
   *
   * @param whole a file that can be read
   * @param path where the damaged ones are put
   */
  static void check(byte[] whole, Path path, Reader reader, long seed) throws IOException {
    Mutations mutations = new Mutations(seed);
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      byte[] damaged = mutations.of(whole);
      Files.write(path, damaged);
      try {
        reader.read(path);
      } catch (IllegalArgumentException | IOException _) {
        refused++;
      } catch (RuntimeException | Error wrong) {
        fail("seed %d, number %d".formatted(seed, i), wrong);
      }
    }
    assertNotEquals(0, refused);
  }
}
