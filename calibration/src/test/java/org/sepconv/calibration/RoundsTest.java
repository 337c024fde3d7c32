package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.Shape;
import org.sepconv.calibration.Rounds.Outcome;

class RoundsTest {
  private static final Duration EACH = Duration.ofMillis(200);

  private static Workload pointwise(int channels) {
    return new Workload(Conv2d.pointwise(channels, 4).build(), Shape.of(channels, 8, 8));
  }

  @Test
  void eachHasItsOwnTimeOnceItIsWarm() {
    FakeDevice device = new FakeDevice(1e9, load -> load.input().c() * 1e-5);
    List<Outcome> outcomes =
        new Rounds(device, device.clock::get)
            .measure(List.of(pointwise(7), pointwise(300), pointwise(1)), EACH, (_, _) -> {});
    assertEquals(7e-5, outcomes.get(0).seconds().getAsDouble(), 1e-9);
    assertEquals(300e-5, outcomes.get(1).seconds().getAsDouble(), 1e-9);
    assertEquals(1e-5, outcomes.get(2).seconds().getAsDouble(), 1e-9);
    assertEquals(0, device.open);
  }

  @Test
  void oneThatFailsOrIsNotSupportedHidesNobody() {
    FakeDevice device =
        new FakeDevice(
            1e9,
            load ->
                switch (load.input().c()) {
                  case 1 -> Double.NaN;
                  case 2 -> -1;
                  default -> 1e-4;
                });
    List<Outcome> outcomes =
        new Rounds(device, device.clock::get)
            .measure(List.of(pointwise(1), pointwise(2), pointwise(3)), EACH, (_, _) -> {});
    assertTrue(outcomes.get(0).problem().contains("out of resources"));
    assertTrue(outcomes.get(0).seconds().isEmpty());
    assertEquals("too odd", outcomes.get(1).problem());
    assertEquals(1e-4, outcomes.get(2).seconds().getAsDouble(), 1e-9);
    assertEquals(0, device.open);
  }

  @Test
  void theTimeIsKeptAndProgressReported() {
    FakeDevice device = new FakeDevice(1e9, _ -> 1e-4);
    List<Workload> many = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      many.add(pointwise(i));
    }
    List<Long> seen = new ArrayList<>();
    new Rounds(device, device.clock::get).measure(many, EACH, (done, _) -> seen.add(done));
    assertTrue(device.clock.get() < 1.3 * 40 * EACH.toNanos(), () -> "" + device.clock);
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(seen.get(i) >= seen.get(i - 1) && seen.get(i) <= 40 * EACH.toNanos());
    }
    assertTrue(seen.size() > 40);
  }

  @Test
  void whatStillAllocatesIsWarmedUpHoweverSteadyItsTime() {
    Duration each = Duration.ofSeconds(10);
    FakeDevice compiled = new FakeDevice(1e9, _ -> 1e-4);
    new Rounds(compiled, compiled.clock::get, () -> 0)
        .measure(List.of(pointwise(1)), each, (_, _) -> {});
    assertTrue(compiled.clock.get() < 3e9, () -> "" + compiled.clock);

    FakeDevice interpreted = new FakeDevice(1e9, _ -> 1e-4);
    new Rounds(interpreted, interpreted.clock::get, () -> interpreted.clock.get())
        .measure(List.of(pointwise(1)), each, (_, _) -> {});
    assertTrue(interpreted.clock.get() > 8e9, () -> "" + interpreted.clock);
  }
}
