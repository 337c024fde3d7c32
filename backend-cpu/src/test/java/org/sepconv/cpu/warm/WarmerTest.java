package org.sepconv.cpu.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WarmerTest {
  private static final Object OWNER = "owner";
  private static final Object OTHER = "other";
  private static final long SOON = 20_000_000_000L;

  private final List<String> placed = new CopyOnWriteArrayList<>();

  /** Takes what a problem allocates, so that it must. */
  private volatile Object sink;

  /** A problem that allocates in its first calls, as code does that C2 has not compiled. */
  private TinyProblem problem(int calls) {
    AtomicInteger count = new AtomicInteger();
    return new TinyProblem(
        () -> {
          if (count.incrementAndGet() < calls) {
            sink = new float[8];
          }
        });
  }

  private Upgrade general(String name) {
    return Upgrade.toGeneral(() -> name, _ -> problem(100), placed::add);
  }

  private Upgrade tuned(String name, long work) {
    return Upgrade.toTuned(() -> name, _ -> problem(100), placed::add, work);
  }

  private static long soon() {
    return System.nanoTime() + SOON;
  }

  @Test
  void placesWhatIsCompiledTheGeneralFirst() {
    try (Warmer warmer = new Warmer()) {
      warmer.add(OWNER, List.of(tuned("tuned", 1), general("general")));
      warmer.await(OWNER, soon());
      assertEquals(List.of("general", "tuned"), placed);
    }
  }

  @Test
  void whatComputesAloneComesBeforeWhatIsTuned() {
    try (Warmer warmer = new Warmer()) {
      AtomicInteger calls = new AtomicInteger();
      Set<String> before = ConcurrentHashMap.newKeySet();
      TinyProblem alone =
          new TinyProblem(
              () -> {
                if (calls.incrementAndGet() < 100) {
                  sink = new float[8];
                  before.addAll(placed);
                }
              });
      warmer.add(OWNER, List.of(tuned("tuned", 1), Upgrade.alone(alone), general("general")));
      warmer.awaitUntuned(soon());
      assertTrue(calls.get() >= 100, () -> calls.get() + " calls");
      assertEquals(Set.of("general"), before);
      warmer.await(OWNER, soon());
      assertEquals(List.of("general", "tuned"), placed);
    }
  }

  @Test
  void whatThereIsMostOfComesBeforeTheRest() {
    try (Warmer warmer = new Warmer()) {
      warmer.add(
          OWNER,
          List.of(
              tuned("1", 1),
              tuned("9", 9),
              tuned("2", 2),
              tuned("8", 8),
              tuned("7", 7),
              tuned("6", 6)));
      warmer.await(OWNER, soon());
      assertEquals(6, placed.size());
      // Several are computed in turns, so that only what is far apart has an order.
      assertTrue(placed.indexOf("9") < placed.indexOf("1"), placed.toString());
      assertTrue(placed.indexOf("8") < placed.indexOf("1"), placed.toString());
    }
  }

  @Test
  void whatIsGeneralIsPlacedOnceForAll() {
    try (Warmer warmer = new Warmer()) {
      Upgrade general = general("general");
      warmer.add(OWNER, List.of(general, general));
      warmer.add(OTHER, List.of(general));
      warmer.awaitUntuned(soon());
      warmer.add(OTHER, List.of(general));
      warmer.awaitUntuned(soon());
      assertEquals(List.of("general"), placed);
    }
  }

  @Test
  void waitingEnds() throws InterruptedException {
    try (Warmer warmer = new Warmer()) {
      CountDownLatch later = new CountDownLatch(1);
      warmer.add(
          OWNER,
          List.of(
              Upgrade.toTuned(
                  () -> "slow",
                  _ -> {
                    await(later);
                    return problem(1);
                  },
                  placed::add,
                  1)));
      warmer.await(OWNER, System.nanoTime() + 1_000_000);
      assertEquals(List.of(), placed);
      later.countDown();
      warmer.await(OWNER, soon());
      assertEquals(List.of("slow"), placed);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void forgetsWhatNobodyWantsAnyMore() {
    try (Warmer warmer = new Warmer()) {
      CountDownLatch later = new CountDownLatch(1);
      Upgrade first =
          Upgrade.toGeneral(
              () -> "first",
              _ -> {
                await(later);
                return problem(1);
              },
              placed::add);
      warmer.add(OTHER, List.of(first));
      warmer.add(OWNER, List.of(tuned("forgotten", 1)));
      warmer.remove(OWNER);
      later.countDown();
      warmer.awaitUntuned(soon());
      warmer.await(OWNER, soon());
      assertFalse(placed.contains("forgotten"), placed.toString());
    }
  }

  @Test
  void aFailureInCodeLeavesTheRest() {
    try (Warmer warmer = new Warmer()) {
      warmer.add(
          OWNER,
          List.of(
              Upgrade.toTuned(
                  () -> {
                    throw new IllegalStateException("does not load");
                  },
                  _ -> problem(1),
                  _ -> placed.add("broken"),
                  2),
              tuned("good", 1)));
      warmer.await(OWNER, soon());
      assertEquals(List.of("good"), placed);
    }
  }
}
