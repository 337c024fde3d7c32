package org.sepconv.examples.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;
import org.sepconv.files.FloatArray;
import org.sepconv.files.StateDict;

/** Killed whenever it may be, training leaves weights that can be used, or none. */
class KilledTest {
  private static final List<Integer> MILLIS = Extent.of(List.of(0, 1, 2, 5, 10, 20, 50), 2);

  @TempDir private Path folder;

  /** Does nothing but write weights, 16 MB, as training does after an epoch. */
  public static final class Writes {
    static final int VALUES = 1 << 22;

    public static void main(String[] arguments) throws IOException {
      StateDict weights =
          new StateDict("many", Map.of("w", FloatArray.of("w", new float[VALUES], VALUES)));
      Path file = Path.of(arguments[0]);
      System.out.println("begins");
      while (true) {
        weights.write(file);
      }
    }
  }

  @Test
  void whileItTrains() throws Exception {
    PyTorchTests.require();
    Path file = folder.resolve("shapes.safetensors");
    for (String line : List.of("epoch 1:", "epoch 2:")) {
      Files.deleteIfExists(file);
      ChildJvm.Started started = child().start(TrainShapes.class, file.toString());
      while (started.process().isAlive() && !started.printed().contains(line)) {
        Thread.sleep(1);
      }
      ChildJvm.Ended ended = started.kill();
      assertTrue(ended.out().contains(line), ended::output);
      assertFalse(ended.out().contains("Sepconv:"), () -> "it had ended before: " + ended);
      DrawnShapes heldOut = DrawnShapes.of(100, 2);
      assertTrue(heldOut.accuracy(TrainShapes.predict(file, heldOut)) > 0.5, ended::output);
    }
    ChildJvm.Ended next = child().run(TrainShapes.class, file.toString());
    assertEquals(0, next.status(), next::output);
  }

  private static ChildJvm child() {
    ChildJvm child = new ChildJvm().option("--add-modules", "jdk.incubator.vector");
    // Where this process has unpacked the natives, unless the environment says it to both.
    Optional.ofNullable(System.getProperty("ENGINE_CACHE_DIR"))
        .ifPresent(cache -> child.environment("ENGINE_CACHE_DIR", cache));
    return child;
  }

  @Test
  void whileItWrites() throws Exception {
    Path file = folder.resolve("many.safetensors");
    for (int millis : MILLIS) {
      ChildJvm.Started started = new ChildJvm().start(Writes.class, file.toString());
      while (started.process().isAlive() && !Files.exists(file)) {
        Thread.onSpinWait();
      }
      Thread.sleep(millis);
      started.kill();
      StateDict there = StateDict.read(file);
      assertEquals(Writes.VALUES, there.arrays().get("w").values().length);
    }
  }
}
