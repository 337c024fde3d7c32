package org.sepconv.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;

/**
 * The command where it has little: half a machine, a disk that is full or read-only, no home, a JVM
 * with few modules. It works, or says in a line what is missing.
 */
class PlacesTest {
  /** The modules of a JVM that somebody made small: what the command itself needs. */
  private static final String FEW_MODULES =
      "java.base,java.desktop,java.logging,java.management,java.xml,jdk.management,jdk.unsupported";

  @TempDir private Path folder;

  private ChildJvm child() {
    return new ChildJvm().option("-Dsepconv.hostSpeed=assumed");
  }

  private static ChildJvm.Ended sepconv(ChildJvm child, String... arguments) throws Exception {
    ChildJvm.Ended ended = child.run(Main.class, arguments);
    assertFalse(ended.output().contains("\tat "), ended::output);
    return ended;
  }

  private static void expectError(ChildJvm.Ended ended, int status, String... parts) {
    assertEquals(status, ended.status(), ended::output);
    for (String part : parts) {
      assertTrue(ended.err().contains(part), () -> part + " in " + ended.output());
    }
  }

  /** In mounts of its own, after a command that changes them; skipped where that is not allowed. */
  private ChildJvm mounted(String command) throws IOException, InterruptedException {
    try {
      Process trial =
          new ProcessBuilder("unshare", "-rm", "sh", "-c", command)
              .redirectErrorStream(true)
              .start();
      String output = new String(trial.getInputStream().readAllBytes());
      if (trial.waitFor() != 0) {
        skip("no mounts of one's own: " + output);
      }
    } catch (IOException none) {
      skip("there is no unshare");
    }
    return child().within("unshare", "-rm", "sh", "-c", command + " && exec \"$@\"", "sh");
  }

  private static void skip(String reason) {
    System.out.println("skipped: " + reason);
    Assumptions.abort(reason);
  }

  @Test
  void aFullDiskKeepsNothingAndSaysSo() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String full = "mount -t tmpfs -o size=64k tmpfs " + disk;
    ChildJvm.Ended exported =
        sepconv(mounted(full), "export", "mobilenet_v2", disk.resolve("m.onnx").toString());
    expectError(exported, 2, "cannot write " + disk.resolve("m.onnx"), "No space left on device");
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void whatIsKeptIsNoErrorOnAFullDisk() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    String list = "ls -A " + disk + " >&2";
    String full = "mount -t tmpfs -o size=64k tmpfs " + disk;
    ChildJvm.Ended after =
        mounted(full)
            .within("unshare", "-rm", "sh", "-c", full + " && { \"$@\"; " + list + "; }", "sh")
            .run(
                Main.class,
                "run",
                "mobilenet_v1",
                "-b",
                "cpu",
                "--size=32",
                "--output",
                disk.resolve("y.npy").toString());
    assertEquals(0, after.status(), after::output);
    assertEquals("y.npy", after.err().lines().reduce("", (_, last) -> last), "1000 values fit");
    // What is kept to be faster is no error: the disk is full before it begins.
    ChildJvm cached = mounted(full + " && head -c 65536 /dev/zero > " + disk.resolve("zero"));
    ChildJvm.Ended selected =
        sepconv(
            cached.environment("SEPCONV_CACHE", disk.resolve("cache").toString()),
            "select",
            "--in=16x8x8",
            "--select=measured",
            "--select-time=0.05");
    assertEquals(0, selected.status(), selected::output);
    ChildJvm.Ended calibrated =
        sepconv(
            mounted(full + " && head -c 65536 /dev/zero > " + disk.resolve("zero")),
            "calibrate",
            "-b",
            "cpu",
            "--brief",
            "--time=0.5",
            "--profiles",
            disk.toString());
    expectError(calibrated, 2, disk.toString());
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void aReadOnlySystemWithoutHomeComputes() throws Exception {
    ChildJvm.Ended ended =
        sepconv(
            mounted("mount -o remount,bind,ro / && mount -t tmpfs -o ro tmpfs /tmp")
                .emptyEnvironment()
                .option("-Duser.home=/nonexistent", "-XX:ActiveProcessorCount=1", "-Xmx256m"),
            "run",
            "mobilenet_v2",
            "-b",
            "cpu",
            "--size=64",
            "--time=0.1");
    assertEquals(0, ended.status(), ended::output);
    assertTrue(ended.out().contains("cpu"), ended::output);
    ChildJvm.Ended exported =
        sepconv(
            mounted("mount -o remount,bind,ro /").emptyEnvironment(),
            "export",
            "mobilenet_v2",
            folder.resolve("m.onnx").toString());
    expectError(exported, 2, "cannot write " + folder.resolve("m.onnx"));
    ChildJvm.Ended doctor =
        sepconv(
            mounted("mount -o remount,bind,ro / && mount -t tmpfs -o ro tmpfs /tmp")
                .emptyEnvironment()
                .option("-Duser.home=/nonexistent"),
            "doctor",
            "--no-run");
    assertTrue(doctor.out().contains("/nonexistent"), doctor::output);
  }

  @Test
  void aSmallMachineComputesOrSaysWhatIsMissing() throws Exception {
    for (List<String> options :
        Extent.of(
            List.of(
                List.of("--limit-modules", FEW_MODULES),
                List.of("--add-modules", "jdk.incubator.vector"),
                List.<String>of()),
            1)) {
      ChildJvm.Ended ended =
          sepconv(
              child()
                  .emptyEnvironment()
                  .option("-XX:ActiveProcessorCount=1", "-Xmx256m")
                  .option(options.toArray(String[]::new)),
              "run",
              "mobilenet_v1",
              "-b",
              "cpu",
              "--size=32",
              "--time=0.1");
      assertEquals(0, ended.status(), ended::output);
      if (!options.contains("jdk.incubator.vector")) {
        assertTrue(ended.err().contains("--add-modules jdk.incubator.vector"), ended::output);
      }
    }
  }

  @Test
  @EnabledIfSystemProperty(named = Extent.PROPERTY, matches = Extent.ALL)
  void aHeapThatIsTooSmallIsNamed() throws Exception {
    ChildJvm.Ended tooSmall =
        sepconv(
            child().emptyEnvironment().option("-XX:ActiveProcessorCount=1", "-Xmx64m"),
            "run",
            "xception",
            "-b",
            "cpu",
            "--time=0.1");
    expectError(tooSmall, 1, "memory", "-Xmx");
  }
}
