package org.sepconv.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStateTest {
  @TempDir Path folder;

  @Test
  void existingFolderHasSpace() {
    FolderState state = FolderState.of(folder);
    assertTrue(state.exists());
    assertEquals(Optional.empty(), state.problem());
    assertTrue(state.freeBytes() > 0);
    assertTrue(state.describe().startsWith(folder + ", "), state.describe());
  }

  @Test
  void folderThatCanBeCreatedIsFine() {
    FolderState state = FolderState.of(folder.resolve("a/b"));
    assertFalse(state.exists());
    assertEquals(Optional.empty(), state.problem());
    assertTrue(state.describe().contains("created when needed"), state.describe());
    assertFalse(Files.exists(folder.resolve("a")));
  }

  @Test
  void fileInTheWayIsAProblem() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    assertEquals(Optional.of("it is not a folder"), FolderState.of(file).problem());
    FolderState below = FolderState.of(file.resolve("cache"));
    assertEquals(Optional.of(file + " is not a folder"), below.problem());
    assertEquals(file.resolve("cache") + ": " + file + " is not a folder", below.describe());
  }

  @Test
  void folderWithoutPermissionIsAProblem() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    locked.toFile().setWritable(false);
    Assumptions.assumeFalse(Files.isWritable(locked), "this user may write everywhere");
    assertEquals(Optional.of("no permission to write"), FolderState.of(locked).problem());
    assertEquals(
        Optional.of("no permission to create it in " + locked),
        FolderState.of(locked.resolve("cache")).problem());
  }

  @Test
  void tooLittleSpaceIsAProblem() {
    FolderState state = new FolderState(folder, true, Optional.empty(), 100L << 20);
    assertEquals(Optional.empty(), state.problem(100L << 20));
    assertEquals(
        Optional.of("100 MiB are free, but 101 are needed"), state.problem((100L << 20) + 1));
  }
}
