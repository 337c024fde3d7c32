package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.reference.Reference;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.MemoryPlan;
import org.sepconv.spi.Prepared;

/** Whole networks. */
class NetworkTest {

  private static ConvBackend open(int threads, Map<String, String> settings) {
    CpuBackendProvider provider = new CpuBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    BackendOptions options = new BackendOptions(threads, Duration.ZERO, settings);
    return provider.open(device, options);
  }

  private static float[] input(Problem problem) {
    SplittableRandom random = new SplittableRandom(9);
    float[] values = new float[problem.source().shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  @ParameterizedTest
  @MethodSource("org.sepconv.graph.Networks#names")
  void theyComputeWhatTheReferenceDoes(String name) {
    Graph graph = Networks.of(name, name.equals("ds_cnn") ? 49 : 48, 1);
    GraphWeights weights = (GraphWeights) Weights.random(graph, 2);
    for (TensorSpec spec :
        List.of(graph.problem().source(), TensorSpec.nhwc(graph.problem().source().shape()))) {
      Problem problem = Problem.of(graph, List.of(spec));
      Reference.Result expected = Reference.runGraph(problem, weights, input(problem)).getFirst();
      double largest = Arrays.stream(expected.values()).map(Math::abs).max().orElseThrow();
      double bound = Arrays.stream(expected.bounds()).max().orElseThrow();
      assertTrue(bound < 0.3 * largest, "a bound that says little: " + bound + " of " + largest);
      for (Map<String, String> settings :
          List.of(Map.<String, String>of(), Map.of("cpu.kernels", "scalar"))) {
        try (ConvBackend backend = open(2, settings)) {
          float[] actual = backend.convolve(problem, weights, input(problem));
          for (int i = 0; i < actual.length; i++) {
            assertTrue(expected.accepts(i, actual[i]), name + " " + settings + " at " + i);
          }
        }
      }
    }
  }

  /** Values lie on each other in one array, and workers share their scratch. */
  @Test
  void manyRunsAtOnceKeepToTheirOwnValues() throws Exception {
    Graph graph = Networks.of("mobilenet_v2", 32, 0.35);
    Problem problem = graph.problem();
    float[] input = input(problem);
    try (ConvBackend backend = open(3, Map.of());
        Prepared prepared = backend.prepare(problem, Weights.random(graph, 2))) {
      float[] expected = new float[problem.destination().shape().elements()];
      prepared.run(input, expected);
      List<Thread> callers =
          IntStream.range(0, 8)
              .mapToObj(
                  _ ->
                      Thread.ofPlatform()
                          .unstarted(
                              () -> {
                                for (int round = 0; round < 4; round++) {
                                  float[] actual = new float[expected.length];
                                  prepared.run(input, actual);
                                  assertArrayEquals(expected, actual);
                                }
                              }))
              .toList();
      var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
      callers.forEach(caller -> caller.setUncaughtExceptionHandler((_, e) -> failures.add(e)));
      callers.forEach(Thread::start);
      for (Thread caller : callers) {
        caller.join();
      }
      assertTrue(failures.isEmpty(), failures::toString);
    }
  }

  @Test
  void whatLiesBetweenTheLayersOfMobileNetV2TakesSixMegabytes() {
    Assumptions.assumeTrue(VectorApi.isPresent(), "skipped: no jdk.incubator.vector");
    Graph graph = Networks.of("mobilenet_v2", 224, 1);
    try (ConvBackend backend = open(1, Map.of());
        Prepared prepared = backend.prepare(graph.problem(), Weights.random(graph, 2))) {
      assertTrue(prepared.bytesBetween() <= 6_200_000, () -> prepared.bytesBetween() + " bytes");
      MemoryPlan plan = prepared.memoryPlan();
      assertEquals(prepared.bytesBetween(), plan.bytes());
      for (MemoryPlan.Block one : plan.blocks()) {
        assertTrue(one.offset() + one.bytes() <= plan.bytes(), one::toString);
        for (MemoryPlan.Block other : plan.blocks()) {
          boolean together = other.isUsedAt(one.first()) && other != one;
          boolean apart =
              one.offset() + one.bytes() <= other.offset()
                  || other.offset() + other.bytes() <= one.offset();
          assertTrue(!together || apart, () -> one + " lies on " + other);
        }
      }
    }
  }
}
