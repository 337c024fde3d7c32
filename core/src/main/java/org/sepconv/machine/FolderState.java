package org.sepconv.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether files can be written to a folder, which need not exist yet. Looking changes nothing.
 *
 * @param folder the folder
 * @param exists whether it exists; otherwise it would be created when it is first needed
 * @param problem why nothing can be written there; empty if it can
 * @param freeBytes what this process may still write there; 0 if there is a problem
 */
public record FolderState(Path folder, boolean exists, Optional<String> problem, long freeBytes) {

  public FolderState {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(problem, "problem");
  }

  /** Looks at a folder. */
  public static FolderState of(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean exists = folder.toAbsolutePath().equals(existing);
    if (existing == null) {
      return broken(folder, false, "it does not exist, nor does any folder above it");
    }
    String where = exists ? "it" : existing.toString();
    if (!Files.isDirectory(existing)) {
      return broken(folder, exists, where + " is not a folder");
    }
    if (!Files.isWritable(existing) || !Files.isExecutable(existing)) {
      return broken(
          folder,
          exists,
          exists ? "no permission to write" : "no permission to create it in " + existing);
    }
    try {
      return new FolderState(
          folder, exists, Optional.empty(), Files.getFileStore(existing).getUsableSpace());
    } catch (IOException failure) {
      return broken(folder, exists, "its free space cannot be read: " + failure.getMessage());
    }
  }

  private static FolderState broken(Path folder, boolean exists, String problem) {
    return new FolderState(folder, exists, Optional.of(problem), 0);
  }

  /** Why this many bytes cannot be written; empty if they can. */
  public Optional<String> problem(long bytes) {
    if (problem.isPresent() || freeBytes >= bytes) {
      return problem;
    }
    return Optional.of(
        "%d MiB are free, but %d are needed"
            .formatted(freeBytes >> 20, Math.ceilDiv(bytes, 1 << 20)));
  }

  /** For people: {@code /tmp, 81234 MiB free}. */
  public String describe() {
    return problem
        .map(what -> folder + ": " + what)
        .orElseGet(
            () ->
                "%s, %s%d MiB free"
                    .formatted(folder, exists ? "" : "created when needed, ", freeBytes >> 20));
  }
}
