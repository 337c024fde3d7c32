package org.sepconv.select;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.sepconv.cache.CacheFolder;
import org.sepconv.cache.DiskCache;

/**
 * Answers of measured selections, in memory and on disk. An answer holds for one convolution on one
 * input, with the same devices, drivers, settings, threads, JDK and versions of the library.
 * Thread-safe; several processes may share a folder.
 *
 * <p>An answer in which a device failed is kept in memory only, since the next process may find it
 * repaired. A damaged entry is measured anew; a folder that cannot be written is no error.
 */
public final class SelectionCache {

  /** The version goes up when the format of entries or the meaning of a measurement changes. */
  private static final String ON_DISK = "selection-v2";

  /** Entries of about one KiB. */
  private static final int MOST_ON_DISK = 10_000;

  private final boolean enabled;
  private final DiskCache disk;
  private final Map<String, Answer> memory = new ConcurrentHashMap<>();

  private SelectionCache(boolean enabled, Optional<Path> folder) {
    this.enabled = enabled;
    this.disk = new DiskCache(folder, ON_DISK, MOST_ON_DISK);
  }

  /** In memory, and in the user's {@link CacheFolder}. */
  public static SelectionCache user() {
    return in(CacheFolder.user());
  }

  /** In memory, and in this folder, which is made when the first answer is kept. */
  public static SelectionCache in(Path folder) {
    return new SelectionCache(true, Optional.of(folder));
  }

  /** In memory only. */
  public static SelectionCache inMemory() {
    return new SelectionCache(true, Optional.empty());
  }

  /** Keeps nothing: every measured selection measures. */
  public static SelectionCache off() {
    return new SelectionCache(false, Optional.empty());
  }

  /** Forgets all answers, those of other processes in the same folder too. */
  public void clear() {
    memory.clear();
    disk.clear();
  }

  Optional<Answer> find(String key) {
    Objects.requireNonNull(key, "key");
    Optional<Answer> remembered = Optional.ofNullable(memory.get(key));
    if (remembered.isPresent()) {
      return remembered;
    }
    Optional<byte[]> entry = disk.read(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    Optional<Answer> answer = Answer.parse(new String(entry.get(), StandardCharsets.UTF_8), key);
    answer.ifPresentOrElse(found -> memory.put(key, found), () -> disk.remove(key));
    return answer;
  }

  void keep(String key, Answer answer) {
    if (!enabled) {
      return;
    }
    memory.put(key, answer);
    if (!answer.hasFailures()) {
      disk.write(key, answer.format(key).getBytes(StandardCharsets.UTF_8));
      disk.prune();
    }
  }

  void forget(String key) {
    memory.remove(key);
    disk.remove(key);
  }
}
