package org.sepconv.bench.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.file.Fuzzing;

/**
 * Whatever is done to a file, it is read, or refused as its reader says: models, arrays, pictures,
 * shapes and profiles, all at once, each in a thread of its own. Few rounds usually;
 *
 * <pre>
 *   mvn verify -Pfuzz -pl bench -am                           an hour
 *   mvn verify -Pfuzz -pl bench -am -Dsepconv.fuzz.seconds=60
 * </pre>
 *
 * <p>What is found lies in {@code target/fuzz}; mended, it becomes a resource beside this class,
 * and is read by every build.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("sepconv.fuzz.seconds", 0);
  private static final long ROUNDS = 300;

  /** On a machine that others use too, ten thousand times what a file takes. */
  private static final long ENDLESS_NANOS = 120_000_000_000L;

  private static final Path FINDS = Path.of("target", "fuzz");

  @TempDir private Path folder;

  @Test
  void everyFileIsReadOrRefused() throws Exception {
    long seed = Long.getLong("sepconv.fuzz.seed", SECONDS > 0 ? System.nanoTime() : 1);
    Map<Format, Fuzzing> loops = new EnumMap<>(Format.class);
    Map<Format, Thread> threads = new EnumMap<>(Format.class);
    for (Format format : Format.values()) {
      Path own = Files.createDirectory(folder.resolve(format.folder()));
      Path path = own.resolve("damaged");
      List<byte[]> files = new ArrayList<>(format.samples(own));
      files.addAll(resources(format));
      files.forEach(file -> requireReadOrRefused(format, file, path));
      loops.put(
          format,
          new Fuzzing(
              file -> format.read(file, path),
              files,
              format.mostBytes(),
              ROUNDS,
              SECONDS * 1_000_000_000,
              seed));
      threads.put(
          format, Thread.ofPlatform().daemon().name(format.folder()).start(loops.get(format)));
    }
    await(loops, threads);
    List<String> found = new ArrayList<>();
    loops.forEach(
        (format, loop) -> {
          System.out.printf(
              "%s: %d files, %d refused in %d ways, %d finds (seed %d)%n",
              format.folder(),
              loop.done(),
              loop.refused(),
              loop.refusals(),
              loop.finds().size(),
              seed);
          loop.finds().forEach(find -> found.add(keep(format, find.file(), find.what())));
          assertTrue(loop.refused() > loop.done() / 10, format + ": damage is noticed");
        });
    assertEquals(List.of(), found);
  }

  /** A find of earlier times is never more than refused. */
  private static void requireReadOrRefused(Format format, byte[] file, Path path) {
    try {
      format.read(file, path);
    } catch (Exception | Error wrong) {
      fail(format + ": a file that was mended is wrong again", wrong);
    }
  }

  private static void await(Map<Format, Fuzzing> loops, Map<Format, Thread> threads)
      throws InterruptedException {
    for (Map.Entry<Format, Thread> running : threads.entrySet()) {
      while (!running.getValue().join(java.time.Duration.ofSeconds(1))) {
        loops.forEach(
            (format, loop) -> {
              if (threads.get(format).isAlive()
                  && System.nanoTime() - loop.since() > ENDLESS_NANOS) {
                StackTraceElement[] stack = threads.get(format).getStackTrace();
                fail(keep(format, loop.under(), "is read without end: " + Arrays.toString(stack)));
              }
            });
      }
    }
  }

  private static String keep(Format format, byte[] file, String what) {
    try {
      Files.createDirectories(FINDS);
      String name = format.folder() + "-" + HexFormat.of().toHexDigits(Arrays.hashCode(file));
      return Files.write(FINDS.resolve(name), file) + " " + what;
    } catch (IOException failure) {
      return what + " (and could not be kept: " + failure + ")";
    }
  }

  private static List<byte[]> resources(Format format) throws IOException, URISyntaxException {
    URL url = FuzzTest.class.getResource(format.folder());
    if (url == null) {
      return List.of();
    }
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(Path.of(url.toURI()))) {
      for (Path path : paths.sorted().toList()) {
        files.add(Files.readAllBytes(path));
      }
    }
    return files;
  }
}
