package org.sepconv.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Small files that can be made anew: compiled programs, tuned tiles, measured answers. Nothing that
 * goes wrong with it is an error; it is slower without. Thread-safe, and so among processes.
 *
 * <pre>
 *   FOLDER/NAME/sha256(key).bin     sha256(content), content
 * </pre>
 *
 * <p>Entries are written to a file of their own and moved into place, so that other processes see a
 * whole entry or none. The checksum tells truncated and damaged ones, which a driver might not
 * survive.
 */
public final class DiskCache {
  private static final System.Logger LOGGER = System.getLogger(DiskCache.class.getName());

  private static final int CHECKSUM = 32;

  private final Optional<Path> folder;
  private final int mostEntries;

  /**
   * A cache in a folder of its own; without a folder, one that is always empty.
   *
   * @param folder usually {@link CacheFolder#user()}; made when something is first kept
   * @param name of its folder therein, with the version of the format of entries: {@code opencl-v1}
   * @param mostEntries that {@link #prune()} leaves
   */
  public DiskCache(Optional<Path> folder, String name, int mostEntries) {
    this.folder = folder.map(path -> path.resolve(name));
    this.mostEntries = mostEntries;
  }

  /** What was kept under this key; empty where it is missing, damaged or unreadable. */
  public Optional<byte[]> read(String key) {
    // The name of a file is a hash, and the first of a process loads what the JDK has for security.
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      return Optional.empty();
    }
    Path file = file(folder.get(), key);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      byte[] entry = Files.readAllBytes(file);
      if (entry.length >= CHECKSUM) {
        byte[] content = Arrays.copyOfRange(entry, CHECKSUM, entry.length);
        if (Arrays.equals(entry, 0, CHECKSUM, sha256(content), 0, CHECKSUM)) {
          return Optional.of(content);
        }
      }
      LOGGER.log(System.Logger.Level.DEBUG, "damaged cache entry, made anew: {0}", file);
      Files.deleteIfExists(file);
    } catch (IOException | SecurityException failure) {
      LOGGER.log(System.Logger.Level.DEBUG, "cache entry cannot be read: " + file, failure);
    }
    return Optional.empty();
  }

  /** Keeps {@code content} under this key, in place of what was there. */
  public void write(String key, byte[] content) {
    if (folder.isEmpty()) {
      return;
    }
    try {
      Files.createDirectories(folder.get());
      Path temporary = Files.createTempFile(folder.get(), "new", ".tmp");
      try {
        ByteBuffer entry = ByteBuffer.allocate(CHECKSUM + content.length);
        Files.write(temporary, entry.put(sha256(content)).put(content).array());
        move(temporary, file(folder.get(), key));
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException | SecurityException failure) {
      LOGGER.log(System.Logger.Level.DEBUG, "cache cannot be written: " + folder.get(), failure);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Forgets an entry that turned out to be of no use. */
  public void remove(String key) {
    try {
      if (folder.isPresent()) {
        Files.deleteIfExists(file(folder.get(), key));
      }
    } catch (IOException | SecurityException failure) {
      LOGGER.log(System.Logger.Level.DEBUG, "cache entry cannot be removed", failure);
    }
  }

  /** Forgets everything. */
  public void clear() {
    removeOldest(0);
  }

  /** Removes the oldest entries beyond the most that are kept. */
  public void prune() {
    removeOldest(mostEntries);
  }

  private void removeOldest(int kept) {
    if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
      return;
    }
    try (Stream<Path> files = Files.list(folder.get())) {
      record Entry(Path path, FileTime time) {}
      List<Entry> entries =
          files
              .map(path -> new Entry(path, modified(path)))
              .sorted(Comparator.comparing(Entry::time))
              .toList();
      for (int i = 0; i < entries.size() - kept; i++) {
        Files.deleteIfExists(entries.get(i).path);
      }
    } catch (IOException | SecurityException failure) {
      LOGGER.log(System.Logger.Level.DEBUG, "cache cannot be emptied: " + folder.get(), failure);
    }
  }

  private static FileTime modified(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException _) {
      return FileTime.fromMillis(0); // removed by another process meanwhile
    }
  }

  private static Path file(Path folder, String key) {
    byte[] hash = sha256(key.getBytes(StandardCharsets.UTF_8));
    return folder.resolve(HexFormat.of().formatHex(hash) + ".bin");
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
