package org.sepconv.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  @Test
  void replacesTheOldFile() throws IOException {
    Path target = Files.writeString(folder.resolve("x"), "old");
    AtomicFile.write(target, out -> out.write(bytes("new")));
    assertEquals("new", Files.readString(target));
    assertEquals(List.of(target), files());
  }

  @Test
  void aFailureHalfWayLeavesTheOldFileAndNothingElse() throws IOException {
    Path target = Files.writeString(folder.resolve("x"), "old");
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    target,
                    out -> {
                      out.write(bytes("half of the n"));
                      throw new IOException("no space left");
                    }));
    assertEquals("cannot write " + target + ": no space left", failure.getMessage());
    assertEquals("old", Files.readString(target));
    assertEquals(List.of(target), files());
  }

  @Test
  void aNewFileHasTheRightsOfAnyNewFile() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    Path target = folder.resolve("x");
    AtomicFile.write(target, out -> out.write(bytes("new")));
    assertEquals(
        Files.getAttribute(plain, "posix:permissions"),
        Files.getAttribute(target, "posix:permissions"));
  }

  @Test
  void aLinkIsFollowed() throws IOException {
    Path target = Files.writeString(folder.resolve("x"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    AtomicFile.write(link, out -> out.write(bytes("new")));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
  }

  @Test
  void refusesTargetsThatCannotBe() throws IOException {
    assertRefused(folder.resolve("nowhere/x"), "there is no folder " + folder.resolve("nowhere"));
    assertRefused(folder, "it is a folder");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(file.resolve("x"), file + " is not a folder");
  }

  @Test
  void whatAKilledProcessLeftADayAgoIsDeleted() throws IOException {
    String id = ".0b9bbf63-9a2c-4c1f-8a5e-3d1f6d7c2e11.tmp";
    Path abandoned = aged(".x" + id, 25);
    List<Path> stay =
        List.of(
            aged(".x" + id.replace("0b", "1b"), 23), aged(".y" + id, 25), aged(".x.notes.tmp", 25));
    AtomicFile.write(folder.resolve("x"), out -> out.write(bytes("new")));
    assertFalse(Files.exists(abandoned));
    stay.forEach(file -> assertTrue(Files.exists(file), file::toString));
    assertEquals("new", Files.readString(folder.resolve("x")));
  }

  private Path aged(String name, int hours) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "half");
    return Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
  }

  @Test
  void manyWritersAtOnceDisturbNobodyWithIt() throws Exception {
    byte[] content = new byte[1000];
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> writes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        aged(".x." + UUID.randomUUID() + ".tmp", 25);
        writes.add(
            threads.submit(
                () -> {
                  AtomicFile.write(folder.resolve("x"), out -> out.write(content));
                  return null;
                }));
      }
      for (Future<?> write : writes) {
        write.get();
      }
    }
    AtomicFile.write(folder.resolve("x"), out -> out.write(content));
    assertEquals(List.of(folder.resolve("x")), files());
  }

  /** Even root, who has every permission, can create no file there. */
  @Test
  void namesTheTargetWhereTheFileSystemRefusesTheTemporaryFile() {
    Path target = Path.of("/proc/x.json");
    Assumptions.assumeTrue(Files.isDirectory(target.getParent()), "there is no /proc");
    IOException failure =
        assertThrows(IOException.class, () -> AtomicFile.write(target, out -> out.write(1)));
    assertTrue(failure.getMessage().startsWith("cannot write " + target + ": "));
    assertFalse(failure.getMessage().contains(".tmp"), failure.getMessage());
  }

  @Test
  void aDeviceIsWrittenToAndNotReplaced() throws IOException {
    Path device = Path.of("/dev/null");
    Assumptions.assumeTrue(Files.exists(device), "there is no /dev/null");
    AtomicFile.write(device, out -> out.write(1));
    assertFalse(Files.isRegularFile(device));
  }

  private static void assertRefused(Path target, String reason) {
    IOException failure = assertThrows(IOException.class, () -> AtomicFile.check(target));
    assertEquals("cannot write " + target + ": " + reason, failure.getMessage());
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
