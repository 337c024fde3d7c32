package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.calibration.ProfileStore;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;

/** Whatever a command was doing when it was killed: no file is half-written, and the next works. */
class KilledTest {
  private static final byte[] OLD = "the old file".getBytes(StandardCharsets.UTF_8);

  /** After what was awaited: the first at once. */
  private static final List<Integer> MORE_MILLIS = Extent.of(List.of(0, 10, 100), 1);

  @TempDir private Path folder;

  private ChildJvm child() {
    return new ChildJvm()
        .option("-Dsepconv.hostSpeed=assumed")
        .option("--add-modules", "jdk.incubator.vector")
        .environment("SEPCONV_CACHE", folder.resolve("cache").toString());
  }

  private void kill(int moreMillis, BooleanSupplier moment, String... arguments) throws Exception {
    ChildJvm.Started started = child().start(Main.class, arguments);
    while (started.process().isAlive() && !moment.getAsBoolean()) {
      Thread.onSpinWait();
    }
    Thread.sleep(moreMillis);
    started.kill();
  }

  /** Something that is being written, or was. */
  private boolean writing() {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().endsWith(".tmp"));
    } catch (IOException | UncheckedIOException _) {
      return true; // it was renamed meanwhile
    }
  }

  private static void expectOldOrWhole(Path file, byte[] whole) throws IOException {
    byte[] there = Files.readAllBytes(file);
    if (there.length != OLD.length) {
      assertArrayEquals(whole, there, file.toString());
    } else {
      assertArrayEquals(OLD, there, file.toString());
    }
  }

  @Test
  void exportAndConvertLeaveTheOldFileOrTheNewOne() throws Exception {
    Path model = folder.resolve("m.onnx");
    Path weights = folder.resolve("m.safetensors");
    Path converted = folder.resolve("m.npz");
    List<String[]> commands =
        Extent.of(
            List.of(
                new String[] {"export", "mobilenet_v2", model.toString()},
                new String[] {"export", "mobilenet_v2", weights.toString()},
                new String[] {"convert", weights.toString(), converted.toString()}),
            1);
    for (String[] command : commands) {
      Path target = Path.of(command[2]);
      Ran.sepconv(command).expectStatus(0);
      byte[] whole = Files.readAllBytes(target);
      for (int more : MORE_MILLIS) {
        deleteTemporary();
        Files.write(target, OLD);
        kill(more, this::writing, command);
        expectOldOrWhole(target, whole);
      }
      Ran.sepconv(command).expectStatus(0);
      assertArrayEquals(whole, Files.readAllBytes(target));
    }
  }

  private void deleteTemporary() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".tmp")).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void calibrateTuneAndSelectLeaveWhatIsReadable() throws Exception {
    Path profiles = folder.resolve("cache");
    List<String[]> commands =
        List.of(
            new String[] {"calibrate", "-b", "cpu", "--brief", "--time=0.2"},
            new String[] {"select", "--in=16x8x8", "--select=measured", "--select-time=0.05"},
            new String[] {
              "run",
              "mobilenet_v1",
              "-b",
              "cpu",
              "--size=32",
              "--time=0.1",
              "--option=cpu.tile=measured"
            },
            new String[] {"run", "mobilenet_v1", "-b", "djl", "--size=32", "--time=0.1"});
    for (String[] command : commands) {
      for (int more : MORE_MILLIS) {
        deleteTemporary();
        kill(more, this::writing, command);
      }
      for (ProfileStore.Entry entry : ProfileStore.in(profiles).list()) {
        assertEquals("", entry.problem(), entry.file().toString());
      }
      ChildJvm.Ended next = child().run(Main.class, command);
      assertEquals(0, next.status(), next::output);
    }
    assertTrue(ProfileStore.in(profiles).list().size() > 0, "nothing was calibrated");
  }
}
