package org.sepconv.conformance.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What this process has: it must not become more. What Linux alone says is 0 elsewhere.
 *
 * @param heap bytes alive in it
 * @param residentKib of all memory
 * @param files open ones
 * @param threads of the system
 */
public record ProcessState(long heap, long residentKib, long files, long threads) {
  private static final Path PROCESS = Path.of("/proc/self");

  /** Threads end soon after what they belong to is closed. */
  private static final int PATIENCE = 200;

  private static final long PAUSE_MILLIS = 50;

  /** After a garbage collection. */
  public static ProcessState here() throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new ProcessState(
        runtime.totalMemory() - runtime.freeMemory(),
        residentNow(),
        entries("fd"),
        entries("task"));
  }

  private static long residentNow() throws IOException {
    Path status = PROCESS.resolve("status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    }
  }

  private static long entries(String folder) throws IOException {
    Path path = PROCESS.resolve(folder);
    if (!Files.isDirectory(path)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.count();
    }
  }

  /** The names of threads that begin so and are still there after a while. */
  public static Set<String> threadsLeft(String prefix) throws InterruptedException {
    Set<String> left = threads(prefix);
    for (int i = 0; i < PATIENCE && !left.isEmpty(); i++) {
      Thread.sleep(PAUSE_MILLIS);
      left = threads(prefix);
    }
    return left;
  }

  private static Set<String> threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .collect(Collectors.toSet());
  }

  @Override
  public String toString() {
    return "%d KiB alive in the heap, %d KiB resident, %d open files, %d threads"
        .formatted(heap >> 10, residentKib, files, threads);
  }
}
