package org.sepconv.opencl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.device.ClDevice;
import org.sepconv.opencl.device.ProgramCache;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * A few small shapes for each kernel, small enough for an interpreter that watches every access,
 * and every way that each of them can be computed.
 */
final class TinyShapes {

  /** Ends the sequence of candidates of a family. */
  private static final int MOST_CANDIDATES = 64;

  private static final List<String> LINES =
      List.of(
          "depthwise depthwise in=5x5x6 kernel=3 padding=same bias=true activation=relu6",
          "depthwise-vectors depthwise in=2x20x4x3 kernel=3 stride=2 padding=same activation=silu",
          "depthwise-any depthwise in=6x5x4 kernel=2x3 dilation=2x1 padding=1,1,1,1 bias=true",
          "multiplier depthwise in=3x4x4 kernel=3 multiplier=2 bias=true activation=hard_swish",
          "pointwise pointwise in=7x3x5 out=5 bias=true activation=relu",
          "pointwise-vectors pointwise in=2x8x4x5 out=36 activation=leaky_relu:0.1",
          "gate pointwise in=8x1x1 out=12 bias=true activation=hard_sigmoid",
          "gelu pointwise in=4x3x3 out=8 bias=true activation=gelu",
          "standard standard in=3x5x5 out=9 kernel=3 stride=2 padding=same bias=true",
          "standard-vectors standard in=4x4x4 out=8 kernel=3 padding=same activation=silu",
          "grouped grouped in=8x4x5 out=12 groups=2 kernel=3 padding=same bias=true",
          "separable separable in=5x5x4 out=7 kernel=3 padding=same bias=true activation=relu6",
          "separable-vectors separable in=20x4x4 out=36 kernel=3 stride=2 padding=same bias=true"
              + " activation=silu",
          "residual-depthwise depthwise in=5x5x6 kernel=3 padding=same residual=true activation=relu",
          "residual-any depthwise in=6x5x4 kernel=2x3 padding=1 bias=true residual=true",
          "residual-multiplier depthwise in=3x4x4 kernel=3 multiplier=2 residual=true activation=silu",
          "residual-pointwise pointwise in=7x3x5 out=5 bias=true residual=true activation=silu",
          "residual-separable separable in=5x5x4 out=7 kernel=3 padding=same bias=true residual=true");

  private TinyShapes() {}

  static List<ShapeCase> all() {
    return LINES.stream().map(ShapeFile::parseLine).toList();
  }

  /**
   * Opens the first device with a family of kernels. Copies, for JOCL waits for the end of every
   * mapping on a thread of its own, and Oclgrind, unlike drivers, cannot wait on two.
   */
  static OpenClBackend open(boolean cpuKernels, Function<KernelFamily, Chooser> chooser) {
    ClDevice device = ClDevice.all().getFirst();
    ClContext context =
        ClContext.open(
            "opencl:0",
            device,
            device.computeUnits(),
            false,
            ProgramCache.onDisk(Optional.empty()));
    return new OpenClBackend(device.info("opencl:0"), context, cpuKernels, chooser);
  }

  /**
   * Runs every shape with every candidate of a family.
   *
   * @return what was wrong
   */
  static List<String> run(boolean cpuKernels) {
    List<String> wrong = new ArrayList<>();
    int[] most = {1};
    for (int i = 0; i < Math.min(most[0], MOST_CANDIDATES); i++) {
      int wanted = i;
      Chooser chooser =
          (what, candidates, source, destination) -> {
            most[0] = Math.max(most[0], candidates.size());
            return wanted % candidates.size();
          };
      try (OpenClBackend backend = open(cpuKernels, family -> chooser)) {
        for (ShapeCase shape : all()) {
          Layout layout = i % 2 == 0 ? Layout.NCHW : Layout.NHWC;
          Outcome outcome = Checker.check(backend, shape, layout, layout, DataKind.FLOATS, 1);
          if (!(outcome instanceof Outcome.Passed)) {
            wrong.add("candidate %d of %s: %s".formatted(wanted, shape, outcome));
          }
          if (i == 0 && shape.convolution().residual()) {
            runInPlace(backend, shape);
          }
        }
      }
    }
    return wrong;
  }

  /**
   * With the residual in the destination, where one work-item must not read what another writes.
   */
  private static void runInPlace(OpenClBackend backend, ShapeCase shape) {
    TestData data = TestData.of(shape.convolution(), shape.input(), DataKind.FLOATS, 1);
    TensorSpec source = TensorSpec.nhwc(shape.input());
    try (Prepared prepared =
            backend.prepare(Problem.of(shape.convolution(), source), data.weights());
        Tensor src = backend.allocate(source);
        Tensor dst = backend.allocate(prepared.problem().destination())) {
      prepared.run(src, dst, dst);
    }
  }
}
