package org.sepconv.djl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * Lets each allocation of the engine fail, one after the other, in each step of its use, and prints
 * for each step how many there were. Whatever is not as it must be is an error.
 */
final class FaultsMain {
  private static final Shape INPUT = Shape.of(128, 10, 10);

  private final DjlBackend backend;
  private final MethodHandle failAfter;
  private final MethodHandle stopFailing;

  @SuppressWarnings("restricted") // as DJL
  private FaultsMain(Path library) {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    Linker linker = Linker.nativeLinker();
    failAfter =
        linker.downcallHandle(
            symbols.findOrThrow("fail_after"),
            FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    stopFailing =
        linker.downcallHandle(
            symbols.findOrThrow("stop_failing"), FunctionDescriptor.of(ValueLayout.JAVA_INT));
    DeviceInfo device = new DeviceInfo("djl", "test", Map.of());
    backend =
        (DjlBackend)
            new DjlBackendProvider().open(device, BackendOptions.defaults().withThreads(1));
  }

  public static void main(String[] arguments) throws Throwable {
    FaultsMain faults = new FaultsMain(Path.of(arguments[0]));
    SeparableConv2d separable = SeparableConv2d.of(128, 256).same().bias().relu6().build();
    faults.all("separable", Problem.of(separable, TensorSpec.nhwc(INPUT)));
    Graph graph =
        Graph.builder("graph")
            .input("x", INPUT)
            .add("block", separable)
            .add("pool", Reduce.globalAveragePool())
            .add("classes", Conv2d.pointwise(256, 100).bias().build())
            .build();
    faults.all("graph", Problem.of(graph, List.of(TensorSpec.nchw(INPUT))));
    faults.backend.close();
  }

  private void all(String name, Problem problem) throws Throwable {
    Weights weights = Weights.random(problem.operation(), 1);
    float[] values = new float[problem.source().shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 17 - 8;
    }
    float[] due = backend.convolve(problem, weights, values);
    for (boolean more : new boolean[] {false, true}) {
      String each = name + (more ? ", from then on" : "");
      each(each + ": allocate", more, () -> backend.allocate(problem.source()).close(), () -> {});
      each(
          each + ": prepare",
          more,
          () -> backend.prepare(problem, weights).close(),
          () -> check(due, backend.convolve(problem, weights, values)));
      try (Prepared prepared = backend.prepare(problem, weights);
          Tensor source = backend.allocate(problem.source());
          Tensor destination = backend.allocate(problem.destination())) {
        source.write(values);
        prepared.run(source, destination);
        each(
            each + ": run",
            more,
            () -> prepared.run(source, destination),
            () -> {
              check(new float[due.length], destination.read());
              prepared.run(source, destination);
              check(due, destination.read());
            });
      }
    }
  }

  private interface Step {
    void run() throws Throwable;
  }

  /**
   * @param after what must be possible, and right, after each failure
   */
  private void each(String name, boolean more, Step step, Step after) throws Throwable {
    int refusals = 0;
    for (long calls = 0; ; calls++) {
      int arrays = backend.arrays();
      failAfter.invokeExact(calls, more ? 1 : 0);
      BackendException refused = null;
      try {
        step.run();
      } catch (BackendException failure) {
        refused = failure;
      }
      int failed = (int) stopFailing.invokeExact();
      if (failed == 0) {
        if (refused != null) {
          throw new AssertionError(name + " fails although nothing failed", refused);
        }
        break;
      }
      if (refused == null || !refused.getMessage().matches("djl: cannot .*allocate memory.*")) {
        throw new AssertionError(name + " says something else", refused);
      }
      refusals++;
      after.run();
      if (backend.arrays() != arrays) {
        throw new AssertionError(
            "%s, call %d: %d arrays, and %d afterwards: %s"
                .formatted(name, calls, arrays, backend.arrays(), refused));
      }
    }
    System.out.printf("%s: %d%n", name, refusals);
  }

  private static void check(float[] due, float[] values) {
    if (!Arrays.equals(due, values)) {
      throw new AssertionError(
          "%d values, and not the %d that are due".formatted(values.length, due.length));
    }
  }
}
