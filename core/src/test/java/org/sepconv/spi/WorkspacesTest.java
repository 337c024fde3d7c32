package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkspacesTest {
  private final AtomicInteger made = new AtomicInteger();
  private final Workspaces<AtomicInteger> workspaces =
      new Workspaces<>(
          () -> {
            made.incrementAndGet();
            return new AtomicInteger();
          });

  @Test
  void keepsWhatIsGivenBack() {
    AtomicInteger first = workspaces.take();
    AtomicInteger second = workspaces.take();
    assertNotSame(first, second);
    assertTrue(workspaces.give(first));
    assertTrue(workspaces.give(second));
    assertSame(first, workspaces.take());
    assertSame(second, workspaces.take());
    assertEquals(2, made.get());
  }

  @Test
  void refusesMoreThanItKeepsAndHandsAllOverInTheEnd() {
    List<AtomicInteger> taken = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      taken.add(workspaces.take());
    }
    long kept = taken.stream().filter(workspaces::give).count();
    assertFalse(workspaces.give(new AtomicInteger()));
    List<AtomicInteger> disposed = new ArrayList<>();
    workspaces.clear(disposed::add);
    assertEquals(kept, disposed.size());
    workspaces.clear(disposed::add);
    assertEquals(kept, disposed.size());
  }

  @Test
  void neverGivesOneToTwo() throws InterruptedException {
    AtomicInteger shared = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < 20_000; i++) {
                      AtomicInteger mine = workspaces.take();
                      if (mine.incrementAndGet() != 1) {
                        shared.incrementAndGet();
                      }
                      mine.decrementAndGet();
                      workspaces.give(mine);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, shared.get());
    assertTrue(made.get() <= 4 + 60, made + " made");
  }
}
