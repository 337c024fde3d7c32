package org.sepconv.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes a file whole or not at all: into a temporary file in the same folder, which then takes the
 * place of the target in one step. Whatever goes wrong before, an old file stays as it was. What is
 * there and is not a regular file, such as {@code /dev/null} or a pipe, is written to as it is. A
 * process that is killed leaves its temporary file; the next that writes the target a day later
 * deletes it.
 */
public final class AtomicFile {

  /** What goes into the file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private AtomicFile() {}

  /**
   * Refuses a target that cannot be written, before anything is computed for it.
   *
   * @throws IOException saying what is wrong with the path
   */
  public static void check(Path target) throws IOException {
    if (isSpecial(target)) {
      if (!Files.isWritable(target)) {
        throw cannotWrite(target, "no permission");
      }
      return;
    }
    Path folder = folder(target);
    if (!Files.exists(folder)) {
      throw cannotWrite(target, "there is no folder " + folder);
    }
    if (!Files.isDirectory(folder)) {
      throw cannotWrite(target, folder + " is not a folder");
    }
    if (!Files.isWritable(folder)) {
      throw cannotWrite(target, "no permission to create files in " + folder);
    }
    if (Files.isDirectory(target)) {
      throw cannotWrite(target, "it is a folder");
    }
  }

  /**
   * Refuses a folder in which no files can be kept, before anything is computed for them. It need
   * not exist yet.
   *
   * @throws IOException saying what is wrong with the path
   */
  public static void checkFolder(Path folder) throws IOException {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there)) {
      throw new IOException("cannot keep files in %s: %s is not a folder".formatted(folder, there));
    }
    if (!Files.isWritable(there)) {
      throw new IOException(
          "cannot keep files in %s: no permission to create files in %s".formatted(folder, there));
    }
  }

  /**
   * Writes the target, replacing what is there. A symbolic link is followed, not replaced.
   *
   * @throws IOException naming the target, if the content or the disk fails
   */
  public static void write(Path target, Content content) throws IOException {
    check(target);
    try {
      if (isSpecial(target)) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16)) {
          content.writeTo(out);
        }
      } else {
        replace(target, content);
      }
    } catch (IOException failure) {
      IOException named = cannotWrite(target, reason(failure));
      named.initCause(failure);
      throw named;
    }
  }

  private static boolean isSpecial(Path target) {
    return Files.exists(target) && !Files.isRegularFile(target) && !Files.isDirectory(target);
  }

  private static IOException cannotWrite(Path target, String reason) {
    return new IOException("cannot write %s: %s".formatted(target, reason));
  }

  private static void replace(Path target, Content content) throws IOException {
    Path file = Files.exists(target) ? target.toRealPath() : target;
    deleteAbandoned(file);
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

  /**
   * Deletes what processes left that were killed while they wrote this file. Nobody tells whether a
   * temporary file is still being written, so those are taken that have not changed for a day.
   */
  private static void deleteAbandoned(Path file) {
    Pattern temporary =
        Pattern.compile(Pattern.quote("." + file.getFileName() + ".") + "[0-9a-f-]{36}\\.tmp");
    Instant dayAgo = Instant.now().minus(Duration.ofDays(1));
    try (DirectoryStream<Path> there = Files.newDirectoryStream(folder(file))) {
      for (Path other : there) {
        if (temporary.matcher(other.getFileName().toString()).matches()
            && Files.getLastModifiedTime(other).toInstant().isBefore(dayAgo)) {
          Files.deleteIfExists(other);
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      // Another process deletes them too, or may not: what is to be written does not depend on it.
    }
  }

  /** What went wrong, without the path that a file system's message starts with. */
  public static String reason(IOException failure) {
    Optional<String> text =
        Optional.ofNullable(
            failure instanceof FileSystemException system
                ? system.getReason()
                : failure.getMessage());
    return text.orElseGet(
        () ->
            switch (failure) {
              case AccessDeniedException _ -> "no permission";
              case NoSuchFileException _ -> "no such file or folder";
              case FileAlreadyExistsException there -> there.getFile() + " is there already";
              case FileSystemException _ -> "the file system refuses it";
              default -> failure.getClass().getSimpleName();
            });
  }

  private static Path folder(Path file) {
    return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
  }
}
