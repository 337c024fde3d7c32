package org.sepconv.calibration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.sepconv.cache.CacheFolder;

/**
 * Profiles in a folder, a JSON file for each {@link ProfileKey}. Files appear whole or not at all,
 * so that several processes may share the folder. A file that is damaged, or not a profile of this
 * version, is reported and left out.
 */
public final class ProfileStore {
  private static final System.Logger LOGGER = System.getLogger(ProfileStore.class.getName());
  private static final String FOLDER = "profiles";
  private static final String SUFFIX = ".json";
  private static final int NAME_DIGITS = 16;

  private final Path folder;

  /**
   * A file of the store.
   *
   * @param profile empty if it cannot be used
   * @param problem why not
   */
  public record Entry(Path file, Optional<StoredProfile> profile, String problem) {}

  private ProfileStore(Path folder) {
    this.folder = folder;
  }

  /** In the user's {@link CacheFolder}. */
  public static ProfileStore user() {
    return in(CacheFolder.user());
  }

  /** Below this folder, which is made when the first profile is kept. */
  public static ProfileStore in(Path folder) {
    return new ProfileStore(folder.resolve(FOLDER));
  }

  /** Keeps a profile in place of the one with the same key, and says where. */
  public Path save(StoredProfile profile) throws IOException {
    Files.createDirectories(folder);
    Path file = file(profile.key());
    Path temporary = Files.createTempFile(folder, "new", ".tmp");
    try {
      Files.writeString(temporary, ProfileDocument.write(profile));
      try {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException _) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(temporary);
    }
    return file;
  }

  /** The profile of exactly this key. */
  public Optional<StoredProfile> find(ProfileKey key) {
    Entry entry = read(file(key));
    Optional<StoredProfile> found = entry.profile.filter(profile -> profile.key().equals(key));
    if (found.isEmpty() && !entry.problem.isEmpty()) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "the profile {0} is left out: {1}; ''sepconv calibrate'' makes it anew",
          entry.file,
          entry.problem);
    }
    return found;
  }

  /** Everything in the store, by the names of the files. */
  public List<Entry> list() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files()) {
      entries.add(read(file));
    }
    return entries;
  }

  /** Forgets all profiles, and says how many there were. */
  public int clear() throws IOException {
    List<Path> files = files();
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    return files.size();
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /** A file that is not there is no problem. */
  private static Entry read(Path file) {
    try {
      String text = Files.readString(file);
      return new Entry(file, Optional.of(ProfileDocument.read(text)), "");
    } catch (NoSuchFileException _) {
      return new Entry(file, Optional.empty(), "");
    } catch (IOException | RuntimeException failure) {
      String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
      return new Entry(file, Optional.empty(), first.isEmpty() ? failure.toString() : first);
    }
  }

  private Path file(ProfileKey key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.text().getBytes(StandardCharsets.UTF_8));
      String digits = HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS);
      return folder.resolve(key.device().replace(':', '-') + "-" + digits + SUFFIX);
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }
}
