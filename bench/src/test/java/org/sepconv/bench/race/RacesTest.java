package org.sepconv.bench.race;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.select.BackendStatus;
import org.sepconv.select.Backends;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;

/**
 * {@link Races} on each backend, for some seconds usually;
 *
 * <pre>
 *   mvn verify -Psoak -pl bench -am                              an hour for all of them
 *   mvn verify -Psoak -pl bench -am -Dsepconv.soak.seconds=180
 * </pre>
 *
 * <p>In rounds: after each, what is alive in memory, open files and threads are counted, and none
 * may become more. In the end the backend is closed under them.
 */
class RacesTest {
  private static final int BACKENDS = 3;
  static final long SECONDS = Long.getLong("sepconv.soak.seconds", 0);
  private static final int ROUNDS = SECONDS > 0 ? 20 : 2;
  private static final long ROUND_MILLIS = SECONDS > 0 ? SECONDS * 1000 / BACKENDS / ROUNDS : 400;

  static final long MOST_GROWTH = 4 << 20;

  /** Beside what the backend itself and its engine keep once they were loaded. */
  private static final long MOST_LEFT = 16 << 20;

  /** Jars and libraries that are loaded once. */
  private static final long MOST_FILES = 16;

  /** Of the JVM, which carry virtual threads or compile, and of an engine or a driver. */
  private static final long MOST_THREADS = 64;

  /** Where the heap is fixed and touched beforehand, as in a soak. */
  private static final double MOST_RESIDENT_GROWTH = 1.1;

  /** What the process has after a round. */
  record State(long heap, long residentKib, long files, long threads) {
    static State here() throws IOException {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new State(
          runtime.totalMemory() - runtime.freeMemory(),
          RacesTest.residentKib(),
          entries(Path.of("/proc/self/fd")),
          entries(Path.of("/proc/self/task")));
    }

    void expectNoMoreThan(State other, long bytes) {
      assertTrue(heap <= other.heap + bytes, () -> other + ", then " + this);
      assertTrue(files <= other.files + MOST_FILES, () -> other + ", then " + this);
      assertTrue(threads <= other.threads + MOST_THREADS, () -> other + ", then " + this);
    }

    @Override
    public String toString() {
      return "%d KiB alive in the heap, %d KiB resident, %d open files, %d threads"
          .formatted(heap >> 10, residentKib, files, threads);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "opencl", "djl"})
  void everyResultIsRightAndNothingIsLeft(String name) throws Exception {
    State before = State.here();
    List<State> states = race(name);
    expectNoThreads();
    State after = State.here();
    for (int i = 0; i < 50 && after.heap > before.heap + MOST_LEFT; i++) {
      Thread.sleep(100); // what threads that end refer to goes with them
      after = State.here();
    }
    System.out.printf("%s: %s before, %s after%n", name, before, after);
    after.expectNoMoreThan(before, MOST_LEFT);
    if (SECONDS > 0) {
      State early = least(states.subList(ROUNDS / 4, ROUNDS / 2)); // warm by then
      State late = least(states.subList(ROUNDS / 2, ROUNDS));
      late.expectNoMoreThan(early, MOST_GROWTH);
      assertTrue(
          late.residentKib <= MOST_RESIDENT_GROWTH * early.residentKib,
          () -> early + ", then " + late);
    }
  }

  /** What there was after each round; nothing of it is referred to any more. */
  private static List<State> race(String name) throws Exception {
    BackendOptions options =
        BackendOptions.defaults().withThreads(2).withWarmUp(Duration.ofMillis(20));
    List<State> states = new ArrayList<>();
    try (Backends backends = Backends.discover(options)) {
      require(backends, name);
      ConvBackend backend = backends.backend(name);
      Races races = new Races(backend);
      for (int round = 0; round < ROUNDS; round++) {
        long done = races.runs.get();
        races.race(ROUND_MILLIS);
        assertEquals(List.of(), List.copyOf(races.findings));
        states.add(State.here());
        System.out.printf(
            "%s: %.0f runs a second of %d threads; %s%n",
            name, (races.runs.get() - done) * 1e3 / ROUND_MILLIS, Races.THREADS, states.getLast());
      }
      System.out.printf(
          "%s: %d runs, %d times prepared, %d times closed before it was used, %d interrupts%n",
          name,
          races.runs.get(),
          races.prepared.get(),
          races.refused.get(),
          races.interrupts.get());
      races.race(ROUND_MILLIS, backend::close);
      assertEquals(List.of(), List.copyOf(races.findings));
      assertTrue(races.refused.get() > 0, "nobody met what was closed");
    }
    return states;
  }

  /** What was always there. */
  private static State least(List<State> states) {
    return states.stream()
        .reduce(
            (one, other) ->
                new State(
                    Math.min(one.heap, other.heap),
                    Math.min(one.residentKib, other.residentKib),
                    Math.min(one.files, other.files),
                    Math.min(one.threads, other.threads)))
        .orElseThrow();
  }

  static void require(Backends backends, String name) {
    Optional<String> missing =
        backends.statuses().stream()
            .filter(status -> status.name().equals(name))
            .map(BackendStatus::availability)
            .filter(Availability.Unavailable.class::isInstance)
            .map(Object::toString)
            .findFirst();
    if (missing.isPresent()) {
      String required = Optional.ofNullable(System.getenv("SEPCONV_REQUIRE")).orElse("");
      if (List.of(required.split(",")).contains(name)) {
        fail(missing.get());
      }
      System.out.println("skipped: " + missing.get());
      Assumptions.abort(missing.get());
    }
  }

  /** 0 where there is no {@code /proc}. */
  private static long residentKib() throws IOException {
    Path status = Path.of("/proc/self/status");
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

  /** 0 where there is no {@code /proc}. */
  private static long entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  /** Those of the library, which end on their own. */
  static void expectNoThreads() throws InterruptedException {
    Set<String> left = Set.of();
    for (int i = 0; i < 200; i++) {
      left =
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.startsWith("sepconv-"))
              .collect(Collectors.toSet());
      if (left.isEmpty()) {
        return;
      }
      Thread.sleep(50);
    }
    fail("threads are left: " + left);
  }
}
