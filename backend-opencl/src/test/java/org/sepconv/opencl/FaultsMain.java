package org.sepconv.opencl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.conformance.process.Extent;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * Has each OpenCL call fail, the first, the second, and later ones, from opening a device to
 * closing it, and prints what is wrong about what comes of it; then how many failed. The library
 * {@code faults.c} stands before the real one; the argument is its path.
 */
final class FaultsMain {

  /** With the status that a driver would give. */
  private static final List<String> CALLS =
      List.of(
          "clCreateContext=-6",
          "clCreateCommandQueue=-6",
          "clCreateProgramWithSource=-6",
          "clBuildProgram=-11",
          "clRetainProgram=-44",
          "clCreateBuffer=-4",
          "clCreateSubBuffer=-4",
          "clCreateKernel=-5",
          "clSetKernelArg=-38",
          "clEnqueueFillBuffer=-5",
          "clEnqueueMapBuffer=-12",
          "clEnqueueUnmapMemObject=-5",
          "clEnqueueReadBuffer=-5",
          "clEnqueueWriteBuffer=-5",
          "clEnqueueNDRangeKernel=-5",
          "clFlush=-36",
          "clWaitForEvents=-14",
          "clGetEventProfilingInfo=-7");

  private static final List<String> KINDS =
      List.of("contexts", "queues", "buffers", "programs", "kernels", "events");

  private static final Graph NETWORK = Networks.of("ds_cnn", 49, 0.5);
  private static final Weights WEIGHTS = Weights.random(NETWORK, 1);

  private final MethodHandle set;
  private final MethodHandle live;
  private int failed;

  @SuppressWarnings("restricted") // as JOCL
  private FaultsMain(Path library, Arena arena) {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, arena);
    Linker linker = Linker.nativeLinker();
    set =
        linker.downcallHandle(
            symbols.findOrThrow("faults_set"),
            FunctionDescriptor.ofVoid(
                ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    live =
        linker.downcallHandle(
            symbols.findOrThrow("faults_live"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
  }

  public static void main(String[] arguments) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      FaultsMain faults = new FaultsMain(Path.of(arguments[0]), arena);
      float[] expected = compute();
      faults.expectNothingAlive("no fault");
      for (String call : CALLS) {
        for (int number = 1; faults.fails(call, number); number += faults.step(number)) {
          faults.expectNothingAlive(call + ", call " + number);
        }
      }
      faults.set("nothing", 0, 0);
      if (!Arrays.equals(expected, compute())) {
        System.out.println("other values after all faults");
      }
      System.out.println(faults.failed);
    }
  }

  private int step(int number) {
    return Extent.all() ? Math.max(1, number / 4) : 3 * number;
  }

  private void set(String name, int status, int number) throws Throwable {
    try (Arena arena = Arena.ofConfined()) {
      set.invokeExact(arena.allocateFrom(name), status, number);
    }
  }

  /** Whether the call with this number came, and failed. */
  private boolean fails(String call, int number) throws Throwable {
    String[] parts = call.split("=");
    set(parts[0], Integer.parseInt(parts[1]), number);
    try {
      compute();
      return false;
    } catch (BackendException failure) {
      failed++;
      if (!failure.getMessage().startsWith("opencl:0: ")
          || !failure.getMessage().contains("(" + parts[1] + ")")) {
        System.out.println(call + ", call " + number + ": " + failure.getMessage());
      }
      return true;
    } catch (RuntimeException | Error wrong) {
      System.out.println(call + ", call " + number + ": threw " + wrong);
      return true;
    }
  }

  private void expectNothingAlive(String after) throws Throwable {
    for (int kind = 0; kind < KINDS.size(); kind++) {
      long left = (long) live.invokeExact(kind);
      // JOCL keeps an event until the driver has called it back, for what it copies from.
      for (int i = 0; left != 0 && i < 500; i++) {
        Thread.sleep(10);
        left = (long) live.invokeExact(kind);
      }
      if (left != 0) {
        System.out.printf("after %s: %d %s are alive%n", after, left, KINDS.get(kind));
      }
    }
  }

  private static float[] compute() {
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(2)
            .withWarmUp(Duration.ZERO)
            .with("opencl.cache", "off");
    try (Backends backends = Backends.of(options, List.of(new OpenClBackendProvider()))) {
      ConvBackend backend = backends.backend("opencl");
      try (Prepared prepared = backend.prepare(NETWORK.problem(), WEIGHTS);
          OwningRun run = OwningRun.of(prepared)) {
        run.inputs().getFirst().write(new float[NETWORK.problem().source().shape().elements()]);
        run.run();
        return run.outputs().getFirst().read();
      }
    }
  }
}
