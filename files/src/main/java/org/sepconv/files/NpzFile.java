package org.sepconv.files;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Several float32 arrays by their names, as {@code np.savez} and {@code np.savez_compressed} write
 * them: a zip archive of {@code .npy} files. What {@link NpyFile} refuses is refused here.
 */
public final class NpzFile {
  private static final String SUFFIX = ".npy";

  /** No deflated stream becomes longer by more than this. */
  private static final long LARGEST_RATIO = 1032;

  private NpzFile() {}

  /**
   * Reads all arrays, in the order in which the archive lists them.
   *
   * @throws IllegalArgumentException if it is no such archive, has a name twice, or an array is not
   *     of float32 in C order
   * @throws IOException if the file cannot be read
   */
  public static Map<String, FloatArray> read(Path path) throws IOException {
    return InputFile.read(
        path,
        _ -> {
          try (ZipFile zip = new ZipFile(path.toFile())) {
            return read(path, zip);
          } catch (ZipException broken) {
            throw new IllegalArgumentException(
                "%s is not an archive of NumPy arrays: %s".formatted(path, broken.getMessage()),
                broken);
          }
        });
  }

  private static Map<String, FloatArray> read(Path path, ZipFile zip) throws IOException {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    List<? extends ZipEntry> entries = Collections.list(zip.entries());
    for (ZipEntry entry : entries) {
      String file = entry.getName();
      if (!file.endsWith(SUFFIX)) {
        throw new IllegalArgumentException(
            "%s has an entry %s, which is not a %s file".formatted(path, quoted(file), SUFFIX));
      }
      // Before memory is taken for what it claims to hold.
      if (entry.getSize() < 0
          || entry.getSize() > entry.getCompressedSize() * LARGEST_RATIO + LARGEST_RATIO) {
        throw new IllegalArgumentException(
            "%s says that %s has %d bytes, which %d compressed ones cannot hold"
                .formatted(path, quoted(file), entry.getSize(), entry.getCompressedSize()));
      }
      String name = file.substring(0, file.length() - SUFFIX.length());
      FloatArray array =
          NpyFormat.read(
              name + " of " + path,
              Channels.newChannel(zip.getInputStream(entry)),
              entry.getSize());
      if (arrays.put(name, new FloatArray(name, array.shape(), array.values())) != null) {
        throw new IllegalArgumentException("%s has %s twice".formatted(path, quoted(file)));
      }
    }
    return arrays;
  }

  private static String quoted(String name) {
    return "'" + name.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  /**
   * Writes arrays, whole or not at all, without compressing them, as {@code np.savez}.
   *
   * @throws IOException if it cannot be written; an old file then stays as it was
   */
  public static void write(Path path, Map<String, FloatArray> arrays) throws IOException {
    AtomicFile.write(
        path,
        out -> {
          ZipOutputStream zip = new ZipOutputStream(out);
          zip.setLevel(0);
          for (Map.Entry<String, FloatArray> array : arrays.entrySet()) {
            ZipEntry entry = new ZipEntry(array.getKey() + SUFFIX);
            entry.setTime(0); // the same arrays are the same bytes
            zip.putNextEntry(entry);
            NpyFormat.write(array.getValue(), zip);
            zip.closeEntry();
          }
          zip.finish();
        });
  }
}
