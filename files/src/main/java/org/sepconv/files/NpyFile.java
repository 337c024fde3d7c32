package org.sepconv.files;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Float32 arrays in NumPy's file format ({@code np.save}, {@code np.load}).
 *
 * <p>Read: versions 1.0, 2.0 and 3.0, little-endian float32, C order. Everything else is refused
 * with what was found and the line of Python that converts it. Written: version 1.0, the same bytes
 * as NumPy's own. The format: numpy.org, "NEP 1 - A simple file format for NumPy arrays".
 */
public final class NpyFile {
  private NpyFile() {}

  /**
   * Reads an array; its name is the path.
   *
   * @throws IllegalArgumentException if it is not an array of float32 in C order, saying what it is
   *     and how to convert it
   * @throws IOException if the file cannot be read
   */
  public static FloatArray read(Path path) throws IOException {
    return InputFile.read(
        path, channel -> NpyFormat.read(path.toString(), channel, channel.size()));
  }

  /**
   * Writes an array, whole or not at all.
   *
   * @throws IOException if it cannot be written; an old file then stays as it was
   */
  public static void write(Path path, FloatArray array) throws IOException {
    AtomicFile.write(path, out -> NpyFormat.write(array, out));
  }
}
