package org.sepconv.bench.race;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.conformance.Requirement;
import org.sepconv.conformance.process.ProcessState;
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

  static void expectNoMore(ProcessState before, ProcessState now, long bytes) {
    assertTrue(now.heap() <= before.heap() + bytes, () -> before + ", then " + now);
    assertTrue(now.files() <= before.files() + MOST_FILES, () -> before + ", then " + now);
    assertTrue(now.threads() <= before.threads() + MOST_THREADS, () -> before + ", then " + now);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "opencl", "djl"})
  void everyResultIsRightAndNothingIsLeft(String name) throws Exception {
    ProcessState before = ProcessState.here();
    List<ProcessState> states = race(name);
    expectNoThreads();
    ProcessState after = ProcessState.here();
    for (int i = 0; i < 50 && after.heap() > before.heap() + MOST_LEFT; i++) {
      Thread.sleep(100); // what threads that end refer to goes with them
      after = ProcessState.here();
    }
    System.out.printf("%s: %s before, %s after%n", name, before, after);
    expectNoMore(before, after, MOST_LEFT);
    if (SECONDS > 0) {
      ProcessState early = least(states.subList(ROUNDS / 4, ROUNDS / 2)); // warm by then
      ProcessState late = least(states.subList(ROUNDS / 2, ROUNDS));
      expectNoMore(early, late, MOST_GROWTH);
      assertTrue(
          late.residentKib() <= MOST_RESIDENT_GROWTH * early.residentKib(),
          () -> early + ", then " + late);
    }
  }

  /** What there was after each round; nothing of it is referred to any more. */
  private static List<ProcessState> race(String name) throws Exception {
    BackendOptions options =
        BackendOptions.defaults().withThreads(2).withWarmUp(Duration.ofMillis(20));
    List<ProcessState> states = new ArrayList<>();
    try (Backends backends = Backends.discover(options)) {
      require(backends, name);
      ConvBackend backend = backends.backend(name);
      Races races = new Races(backend);
      for (int round = 0; round < ROUNDS; round++) {
        long done = races.runs.get();
        races.race(ROUND_MILLIS);
        assertEquals(List.of(), List.copyOf(races.findings));
        states.add(ProcessState.here());
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
  private static ProcessState least(List<ProcessState> states) {
    return states.stream()
        .reduce(
            (one, other) ->
                new ProcessState(
                    Math.min(one.heap(), other.heap()),
                    Math.min(one.residentKib(), other.residentKib()),
                    Math.min(one.files(), other.files()),
                    Math.min(one.threads(), other.threads())))
        .orElseThrow();
  }

  static void require(Backends backends, String name) {
    backends.statuses().stream()
        .filter(status -> status.name().equals(name))
        .map(BackendStatus::availability)
        .filter(Availability.Unavailable.class::isInstance)
        .map(Object::toString)
        .findFirst()
        .ifPresent(reason -> Requirement.missing(name, reason));
  }

  /** Those of the library, which end on their own. */
  static void expectNoThreads() throws InterruptedException {
    assertEquals(Set.of(), ProcessState.threadsLeft("sepconv-"));
  }
}
