package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.reference.Reference;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Part;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** Whole networks: what they compute, where, and what is moved and waited for. */
class NetworkTest {

  @BeforeAll
  static void requireDevice() {
    Devices.require();
  }

  private static OpenClBackend open(BackendOptions options) {
    OpenClBackendProvider provider = new OpenClBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    return (OpenClBackend) provider.open(device, options);
  }

  private static Graph network(String name) {
    return Networks.of(name, name.equals("ds_cnn") ? 49 : 48, 1);
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
  void theyComputeWhatTheReferenceDoesAndNothingRunsOnTheHost(String name) {
    check(name, TestOptions.cpuKernels());
  }

  /** Two of them: a CPU takes minutes to compile all the programs of large work-groups. */
  @ParameterizedTest
  @ValueSource(strings = {"mobilenet_v2", "ds_cnn"})
  void soTheyDoWithTheKernelsOfGpus(String name) {
    check(name, TestOptions.gpuKernels());
  }

  private static void check(String name, BackendOptions options) {
    Graph graph = network(name);
    GraphWeights weights = (GraphWeights) Weights.random(graph, 2);
    Problem problem = graph.problem();
    Reference.Result expected = Reference.runGraph(problem, weights, input(problem)).getFirst();
    double largest = Arrays.stream(expected.values()).map(Math::abs).max().orElseThrow();
    double bound = Arrays.stream(expected.bounds()).max().orElseThrow();
    assertTrue(bound < 0.3 * largest, "a bound that says little: " + bound + " of " + largest);
    try (OpenClBackend backend = open(options);
        Prepared prepared = backend.prepare(problem, weights)) {
      List<Optional<String>> onHost = prepared.parts().stream().map(Part::onHost).toList();
      assertTrue(onHost.stream().allMatch(Optional::isEmpty), onHost::toString);
      float[] actual = new float[expected.values().length];
      prepared.run(input(problem), actual);
      double worst = 0;
      for (int i = 0; i < actual.length; i++) {
        assertTrue(expected.accepts(i, actual[i]), name + " at " + i);
        worst = Math.max(worst, Math.abs(actual[i] - expected.values()[i]));
      }
      System.out.printf(
          "%s, %s kernels: largest difference %.2g of %.3g, bound %.2g%n",
          name, options.properties().get("opencl.kernels"), worst, largest, bound);
    }
  }

  /** The queue takes the kernels of all nodes before anybody waits. */
  @ParameterizedTest
  @MethodSource("org.sepconv.graph.Networks#names")
  void aRunWaitsOnceAndMovesNothingButInputsAndOutputs(String name) {
    Graph graph = network(name);
    Problem problem = graph.problem();
    try (OpenClBackend backend = open(TestOptions.cpuKernels());
        Prepared prepared = backend.prepare(problem, Weights.random(graph, 2));
        OwningRun run = OwningRun.of(prepared, new float[][] {input(problem)})) {
      long waits = backend.context().waits();
      long moved = backend.context().bytesMoved();
      run.run();
      assertEquals(1, backend.context().waits() - waits);
      assertEquals(0, backend.context().bytesMoved() - moved, "on tensors of the device");
      waits = backend.context().waits();
      prepared.run(input(problem), new float[problem.destination().shape().elements()]);
      assertEquals(1, backend.context().waits() - waits);
      long rim = problem.tensors().stream().mapToLong(TensorSpec::bytes).sum();
      assertEquals(rim, backend.context().bytesMoved() - moved, "from array to array");
    }
  }

  /** What is started before it is awaited shares nothing that has values in it. */
  @Test
  void runsThatOverlapKeepToTheirOwnValues() {
    Graph graph = network("shufflenet_v2");
    Problem problem = graph.problem();
    try (OpenClBackend backend = open(TestOptions.cpuKernels());
        Prepared prepared = backend.prepare(problem, Weights.random(graph, 2));
        Tensor first = backend.allocate(problem.source());
        Tensor second = backend.allocate(problem.source());
        Tensor one = backend.allocate(problem.destination());
        Tensor other = backend.allocate(problem.destination())) {
      first.write(input(problem));
      float[] negative = input(problem);
      for (int i = 0; i < negative.length; i++) {
        negative[i] = -negative[i];
      }
      second.write(negative);
      prepared.run(first, one);
      prepared.run(second, other);
      float[] ofFirst = one.read();
      float[] ofSecond = other.read();
      try (Run a = prepared.bind(List.of(first), List.of(one));
          Run b = prepared.bind(List.of(second), List.of(other))) {
        a.start();
        b.start();
        a.await();
        b.await();
        assertTrue(a.deviceTime().compareTo(Duration.ZERO) > 0);
      }
      assertArrayEquals(ofFirst, one.read());
      assertArrayEquals(ofSecond, other.read());
    }
  }

  /** A profile has the time of each node, for which each is waited for. */
  @Test
  void partsAreTimedOneByOne() {
    Graph graph = network("mobilenet_v3_small");
    Problem problem = graph.problem();
    try (OpenClBackend backend = open(TestOptions.cpuKernels());
        Prepared prepared = backend.prepare(problem, Weights.random(graph, 2));
        Tensor source = backend.allocate(problem.source());
        Tensor destination = backend.allocate(problem.destination());
        Run run = prepared.bind(List.of(source), List.of(destination))) {
      run.timeParts();
      run.run();
      assertEquals(prepared.parts().size(), run.partTimes().size());
      assertTrue(run.partTimes().stream().allMatch(time -> time.compareTo(Duration.ZERO) > 0));
    }
  }
}
