package org.sepconv.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes a file whole or not at all: into a temporary file in the same folder, which then takes the
 * place of the target in one step. Whatever goes wrong before, an old file stays as it was.
 */
final class AtomicFile {

  /** What goes into the file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Refuses a target that cannot be written, before anything is computed for it.
   *
   * @throws IOException saying what is wrong with the path
   */
  static void check(Path target) throws IOException {
    Path folder = folder(target);
    if (!Files.isDirectory(folder)) {
      throw new IOException("cannot write %s: there is no folder %s".formatted(target, folder));
    }
    if (!Files.isWritable(folder)) {
      throw new IOException(
          "cannot write %s: no permission to create files in %s".formatted(target, folder));
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException("cannot write %s: it is not a regular file".formatted(target));
    }
  }

  /**
   * Writes the target, replacing what is there. A symbolic link is followed, not replaced.
   *
   * @throws IOException naming the target, if the content or the disk fails
   */
  static void write(Path target, Content content) throws IOException {
    check(target);
    try {
      replace(target, content);
    } catch (IOException failure) {
      throw new IOException("cannot write %s: %s".formatted(target, reason(failure)), failure);
    }
  }

  /** The same without looking at the target first: what fails is the file system's own error. */
  static void replace(Path target, Content content) throws IOException {
    Path file = Files.exists(target) ? target.toRealPath() : target;
    // Not createTempFile: its file would be readable by the owner only, and stay so.
    Path temporary =
        folder(file).resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW), 1 << 16)) {
        content.writeTo(out);
      }
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException _) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** What went wrong, without the path that a file system's message starts with. */
  static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "no permission";
    }
    String text =
        failure instanceof FileSystemException system ? system.getReason() : failure.getMessage();
    return Optional.ofNullable(text).orElse(failure.getClass().getSimpleName());
  }

  private static Path folder(Path file) {
    return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
  }
}
