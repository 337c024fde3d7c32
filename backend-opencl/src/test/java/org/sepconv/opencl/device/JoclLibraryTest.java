package org.sepconv.opencl.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoclLibraryTest {
  @TempDir private Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  /** Another version of JOCL, or a platform without one, would leave the folder empty. */
  @Test
  void itLiesWhereJoclLooks() throws IOException {
    JoclLibrary.unpack(folder);
    assertEquals(List.of(JoclLibrary.in(folder)), files());
    assertTrue(Files.size(JoclLibrary.in(folder)) > 100_000);
    assertTrue(Files.isReadable(JoclLibrary.in(folder)));
  }

  @Test
  void whatIsWholeStays() throws IOException {
    Path file = JoclLibrary.in(folder);
    JoclLibrary.unpack(folder);
    FileTime old = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(file, old);
    JoclLibrary.unpack(folder);
    assertEquals(old, Files.getLastModifiedTime(file));
  }

  @Test
  void whatIsDamagedIsReplaced() throws IOException {
    Path file = JoclLibrary.in(folder);
    JoclLibrary.unpack(folder);
    byte[] whole = Files.readAllBytes(file);
    byte[] changed = whole.clone();
    changed[whole.length / 2]++;
    for (byte[] damaged : List.of(new byte[0], Arrays.copyOf(whole, 50_000), changed)) {
      Files.write(file, damaged);
      JoclLibrary.unpack(folder);
      assertEquals(List.of(file), files());
      assertTrue(Arrays.equals(whole, Files.readAllBytes(file)), "it is whole again");
    }
  }

  @Test
  void manyAtOnceNeverSeeAPartOfIt() throws Exception {
    Path file = JoclLibrary.in(folder);
    JoclLibrary.unpack(folder);
    byte[] whole = Files.readAllBytes(file);
    for (int round = 0; round < 20; round++) {
      Files.delete(file);
      try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
        List<Future<Boolean>> seen = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          seen.add(
              threads.submit(
                  () -> {
                    JoclLibrary.unpack(folder);
                    return Arrays.equals(whole, Files.readAllBytes(file));
                  }));
        }
        for (Future<Boolean> one : seen) {
          assertTrue(one.get());
        }
      }
    }
    assertEquals(List.of(file), files());
  }
}
