package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Weights;

/** What a run consists of, and how long each of it takes. */
class PartTimesTest {
  private static final Shape INPUT = Shape.of(3, 6, 5);
  private static final Graph GRAPH =
      Graph.builder("g")
          .input("input", INPUT)
          .add("conv", Conv2d.of(3, 4).kernel(3).same().bias().build())
          .add("block", SeparableConv2d.of(4, 4).same().bias().build())
          .add("sum", Binary.add(), "conv", "block")
          .add("pool", Reduce.globalAveragePool())
          .build();

  private static Prepared prepare(ConvBackend backend, Problem problem) {
    return backend.prepare(problem, Weights.filled(problem.operation(), float[]::new));
  }

  @Test
  void thePartsOfAGraphAreItsNodesAndTheStagesThatAreNotFused() {
    try (ConvBackend backend = new FakeBackend("fake");
        Prepared prepared = prepare(backend, GRAPH.problem())) {
      List<Part> parts = prepared.parts();
      assertEquals(
          List.of("conv", "block.depthwise", "block.pointwise", "sum", "pool"),
          parts.stream().map(Part::name).toList());
      assertEquals(Optional.empty(), parts.getFirst().onHost());
      assertEquals("host", parts.get(3).kernel());
      assertTrue(
          parts.get(3).onHost().orElseThrow().contains("does not know the operation"),
          parts.get(3)::toString);
      assertEquals(GRAPH.steps(GRAPH.problem()).get(2).problem(), parts.get(3).problem());
      assertEquals(
          ((SeparableConv2d) GRAPH.nodes().get(1).operation()).depthwise(),
          parts.get(1).problem().operation());
    }
  }

  @Test
  void whatRunsAsOneIsItsOnlyPart() {
    Problem problem = GRAPH.steps(GRAPH.problem()).getFirst().problem();
    try (ConvBackend backend = new FakeBackend("fake");
        Prepared prepared = prepare(backend, problem);
        OwningRun run = OwningRun.of(prepared)) {
      assertEquals(
          List.of(new Part("", problem, prepared.kernel(), Optional.empty())), prepared.parts());
      run.timeParts();
      run.run();
      assertEquals(1, run.partTimes().size());
      assertTrue(run.partTimes().getFirst().isPositive(), run.partTimes()::toString);
    }
  }

  @Test
  void everyPartIsTimedAndTheirSumIsNotMoreThanTheRun() {
    for (boolean queues : new boolean[] {false, true}) {
      FakeBackend fake = new FakeBackend("fake");
      fake.queues = queues;
      try (ConvBackend backend = fake;
          Prepared prepared = prepare(backend, GRAPH.problem());
          OwningRun run = OwningRun.of(prepared)) {
        run.timeParts();
        assertEquals(Collections.nCopies(5, Duration.ZERO), run.partTimes());
        for (int i = 0; i < 3; i++) {
          long start = System.nanoTime();
          run.run();
          Duration whole = Duration.ofNanos(System.nanoTime() - start);
          List<Duration> times = run.partTimes();
          assertEquals(prepared.parts().size(), times.size());
          assertTrue(times.stream().allMatch(Duration::isPositive), times::toString);
          Duration sum = times.stream().reduce(Duration.ZERO, Duration::plus);
          assertTrue(sum.compareTo(whole) <= 0, () -> sum + " of " + whole);
        }
      }
    }
  }

  @Test
  void nothingIsTimedUnlessItIsWanted() {
    try (ConvBackend backend = new FakeBackend("fake");
        Prepared prepared = prepare(backend, GRAPH.problem())) {
      try (OwningRun run = OwningRun.of(prepared)) {
        run.timeParts();
        run.run();
      }
      try (OwningRun next = OwningRun.of(prepared)) { // with what the first gave back
        next.run();
        assertEquals(List.of(), next.partTimes());
      }
    }
  }

  @Test
  void aRunUnderWayIsNotTimed() {
    Problem problem = GRAPH.steps(GRAPH.problem()).getFirst().problem();
    try (ConvBackend backend = new FakeBackend("fake");
        Prepared prepared = prepare(backend, problem);
        Tensor source = backend.allocate(problem.source());
        Tensor destination = backend.allocate(problem.destination());
        Run run = prepared.bind(List.of(source), List.of(destination))) {
      run.start();
      assertThrows(IllegalStateException.class, run::timeParts);
      run.await();
      run.timeParts();
    }
  }
}
