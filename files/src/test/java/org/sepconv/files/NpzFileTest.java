package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzFileTest {
  @TempDir private Path folder;

  private static Map<String, FloatArray> arrays() {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    arrays.put("w", FloatArray.of("w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
    arrays.put("deep/b", FloatArray.of("deep/b", new float[] {7}));
    return arrays;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path path = folder.resolve("x.npz");
    NpzFile.write(path, arrays());
    Map<String, FloatArray> read = NpzFile.read(path);
    assertEquals(List.of("w", "deep/b"), List.copyOf(read.keySet()));
    assertEquals(List.of(3, 2), read.get("w").shape());
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, read.get("w").values());
    assertEquals("deep/b", read.get("deep/b").name());
    byte[] first = Files.readAllBytes(path);
    NpzFile.write(path, arrays());
    assertArrayEquals(first, Files.readAllBytes(path));
  }

  /** As {@code np.savez_compressed} does. */
  @Test
  void compressedOnesAreRead() throws IOException {
    Path path = folder.resolve("x.npz");
    float[] zeros = new float[1 << 20];
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
      zip.putNextEntry(new ZipEntry("zeros.npy"));
      NpyFormat.write(FloatArray.of("zeros", zeros, 1 << 10, 1 << 10), zip);
    }
    assertTrue(Files.size(path) < 10_000);
    assertArrayEquals(zeros, NpzFile.read(path).get("zeros").values());
  }

  @Test
  void whatIsNoArrayIsRefused() throws IOException {
    Path path = folder.resolve("x.npz");
    try (OutputStream file = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.putNextEntry(new ZipEntry("readme.txt"));
    }
    assertEquals(
        path + " has an entry 'readme.txt', which is not a .npy file",
        assertThrows(IllegalArgumentException.class, () -> NpzFile.read(path)).getMessage());
    Files.writeString(path, "not a zip");
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> NpzFile.read(path))
            .getMessage()
            .startsWith(path + " is not an archive of NumPy arrays"));
  }

  @Test
  void noDamageGetsThrough() throws IOException {
    Path path = folder.resolve("x.npz");
    NpzFile.write(path, arrays());
    DamagedFiles.check(Files.readAllBytes(path), path, NpzFile::read, 3);
  }
}
