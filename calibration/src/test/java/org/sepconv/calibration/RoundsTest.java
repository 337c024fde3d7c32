package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.calibration.Rounds.Outcome;

class RoundsTest {
  private static final Duration EACH = Duration.ofMillis(200);

  private static int channels(Problem problem) {
    return problem.source().shape().c();
  }

  private static Problem pointwise(int channels) {
    return Operations.on(Conv2d.pointwise(channels, 4).build(), Shape.of(channels, 8, 8));
  }

  @Test
  void eachHasItsOwnTimeOnceItIsWarm() {
    FakeDevice device = new FakeDevice(1e9, problem -> channels(problem) * 1e-5);
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
            problem ->
                switch (channels(problem)) {
                  case 1 -> Double.NaN;
                  case 2 -> -1;
                  default -> 1e-4;
                });
    List<Outcome> outcomes =
        new Rounds(device, device.clock::get)
            .measure(List.of(pointwise(1), pointwise(2), pointwise(3)), EACH, (_, _) -> {});
    assertTrue(outcomes.get(0).reason().contains("out of resources"));
    assertTrue(outcomes.get(0).seconds().isEmpty());
    assertEquals("too odd", outcomes.get(1).reason());
    assertEquals("pointwise 1x1 2->4 on 1x2x8x8", outcomes.get(1).what());
    assertEquals(1e-4, outcomes.get(2).seconds().getAsDouble(), 1e-9);
    assertEquals(0, device.open);
  }

  @Test
  void whateverAProblemTakesIsThere() {
    Problem residual =
        Operations.on(Conv2d.pointwise(5, 4).bias().residual().build(), Shape.of(5, 8, 8));
    Graph graph =
        Graph.builder("two")
            .input("input", Shape.of(3, 8, 8))
            .add("first", Conv2d.pointwise(3, 4).build())
            .add("second", Conv2d.pointwise(4, 2).build())
            .build();
    Problem both = Problem.of(graph, List.of(TensorSpec.nhwc(Shape.of(3, 8, 8))));
    FakeDevice device = new FakeDevice(1e9, problem -> channels(problem) * 1e-5);
    List<Outcome> outcomes =
        new Rounds(device, device.clock::get).measure(List.of(residual, both), EACH, (_, _) -> {});
    assertEquals(5e-5, outcomes.get(0).seconds().getAsDouble(), 1e-9);
    assertEquals(7e-5, outcomes.get(1).seconds().getAsDouble(), 1e-9, "one node after the other");
    assertEquals(0, device.open);
  }

  @Test
  void theTimeIsKeptAndProgressReported() {
    FakeDevice device = new FakeDevice(1e9, _ -> 1e-4);
    List<Problem> many = new ArrayList<>();
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
