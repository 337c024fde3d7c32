package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damaged files: some bytes changed, or cut off. */
final class Mutations {
  private static final int COUNT = 3000;

  /** Reads a file. */
  @FunctionalInterface
  interface Reader {
    void read(Path path) throws IOException;
  }

  private Mutations() {}

  /**
   * Reads many damaged files, each of which must be read or refused with an {@link
   * IllegalArgumentException} or, where it cannot be read, an {@link IOException}.
   *
   * @param whole a file that can be read
   * @param path where the damaged ones are put
   */
  static void check(byte[] whole, Path path, Reader reader, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    int refused = 0;
    for (int i = 0; i < COUNT; i++) {
      byte[] damaged = whole.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      if (i % 4 == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
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
