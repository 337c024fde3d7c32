package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** The engine throws: one exception of ours, nothing lost, and everything goes on. */
class FaultsTest {
  /** 250 TiB of padding for 4 pixels of output. */
  private static final Conv2d IMPOSSIBLE =
      Conv2d.of(4000, 1).stride(1 << 17).padding(Padding.of(1 << 17, 1 << 17, 0, 0)).build();

  private static final Conv2d POINTWISE = Conv2d.pointwise(2, 1).build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {2, 3});

  private static DjlBackend open() {
    DeviceInfo device = new DeviceInfo("djl", "test", Map.of());
    BackendOptions options = BackendOptions.defaults().withThreads(1).withWarmUp(Duration.ZERO);
    return (DjlBackend) new DjlBackendProvider().open(device, options);
  }

  private static float convolved(ConvBackend backend) {
    Problem problem = Problem.of(POINTWISE, TensorSpec.nchw(Shape.of(2, 1, 1)));
    return backend.convolve(problem, WEIGHTS, new float[] {4, 5})[0];
  }

  @Test
  void aRunThatTheEngineRefusesLeavesEverythingUsable() {
    Problem problem = Problem.of(IMPOSSIBLE, TensorSpec.nchw(Shape.of(4000, 1, 1)));
    try (DjlBackend backend = open();
        Backends others = Backends.discover();
        Prepared prepared = backend.prepare(problem, ConvWeights.of(new float[4000]));
        Tensor source = backend.allocate(problem.source());
        Tensor destination = backend.allocate(problem.destination())) {
      float[] values = new float[problem.destination().shape().elements()];
      values[0] = 1;
      destination.write(values);
      int arrays = backend.arrays();
      for (int i = 0; i < 3; i++) {
        BackendException failure =
            assertThrows(BackendException.class, () -> prepared.run(source, destination));
        assertTrue(failure.getMessage().startsWith("djl: cannot run"), failure::getMessage);
        assertFalse(failure.getMessage().contains("\n"), failure::getMessage);
        assertArrayEquals(new float[values.length], destination.read());
        assertEquals(arrays, backend.arrays());
        assertEquals(23, convolved(backend));
        assertEquals(23, convolved(others.backend("reference")));
      }
      destination.write(values);
      assertArrayEquals(values, destination.read());
    }
  }

  @Test
  void whoRunsBesideItIsNotDisturbed() throws Exception {
    Problem problem = Problem.of(IMPOSSIBLE, TensorSpec.nchw(Shape.of(4000, 1, 1)));
    try (DjlBackend backend = open();
        Prepared prepared = backend.prepare(problem, ConvWeights.of(new float[4000]));
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      int arrays = backend.arrays();
      List<Future<Float>> results =
          IntStream.range(0, 200)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            if (i % 2 == 0) {
                              return convolved(backend);
                            }
                            try (Tensor source = backend.allocate(problem.source());
                                Tensor destination = backend.allocate(problem.destination())) {
                              assertThrows(
                                  BackendException.class, () -> prepared.run(source, destination));
                              return destination.read()[0];
                            }
                          }))
              .toList();
      for (int i = 0; i < results.size(); i++) {
        assertEquals(i % 2 == 0 ? 23 : 0, results.get(i).get());
      }
      assertEquals(arrays, backend.arrays());
    }
  }

  @Test
  void anyAllocationOfTheEngineMayFail(@TempDir Path folder) throws Exception {
    Path library = compile(folder);
    ChildJvm.Ended ended =
        new ChildJvm()
            .option("-XX:ErrorFile=" + folder.resolve("crash"))
            .environment("LD_PRELOAD", library.toString())
            .run(FaultsMain.class, library.toString());
    assertEquals(0, ended.status(), ended::output);
    for (String step : List.of("allocate", "prepare", "run")) {
      for (String name : List.of("separable", "separable, from then on", "graph")) {
        assertTrue(
            ended.out().lines().anyMatch(line -> line.matches(name + ": " + step + ": [1-9]\\d*")),
            ended::output);
      }
    }
  }

  private static Path compile(Path folder) throws Exception {
    Path source = folder.resolve("faults.c");
    try (InputStream in = FaultsTest.class.getResourceAsStream("faults.c")) {
      Files.copy(in, source);
    }
    Path library = folder.resolve("faults.so");
    if (!System.getProperty("os.name").equals("Linux")) {
      skip("only Linux puts a library before the C library");
    }
    try {
      Process compiler =
          new ProcessBuilder(
                  "cc", "-shared", "-fPIC", "-O1", "-o", "" + library, "" + source, "-ldl")
              .redirectErrorStream(true)
              .start();
      String output = new String(compiler.getInputStream().readAllBytes());
      assertEquals(0, compiler.waitFor(), output);
    } catch (IOException none) {
      skip("there is no C compiler (cc)");
    }
    return library;
  }

  private static void skip(String reason) {
    System.out.println("skipped: " + reason);
    Assumptions.abort(reason);
  }
}
