package org.sepconv.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens files for reading, with messages that name them. */
public final class InputFile {

  /** What is made of an open file. */
  @FunctionalInterface
  interface Reading<T> {
    T read(FileChannel channel) throws IOException;
  }

  private InputFile() {}

  /**
   * Refuses what is no file.
   *
   * @throws IOException naming it
   */
  public static void check(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("there is no file " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException("cannot read %s: it is not a regular file".formatted(path));
    }
  }

  /**
   * @throws IOException naming the file, if it is none or cannot be read
   */
  static <T> T read(Path path, Reading<T> reading) throws IOException {
    check(path);
    try (FileChannel channel = FileChannel.open(path)) {
      return reading.read(channel);
    } catch (IOException failure) {
      throw new IOException(
          "cannot read %s: %s".formatted(path, AtomicFile.reason(failure)), failure);
    }
  }
}
