package org.sepconv.opencl.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.cache.DiskCache;
import org.sepconv.opencl.Devices;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.opencl.device.ClDevice;
import org.sepconv.opencl.device.ProgramCache;
import org.sepconv.opencl.kernel.Argument;
import org.sepconv.opencl.kernel.Candidate;
import org.sepconv.opencl.kernel.CpuKernels;
import org.sepconv.opencl.kernel.KernelFamily;
import org.sepconv.opencl.kernel.Operand;

class TunerTest {
  private static final Conv2d CONV = Conv2d.pointwise(8, 8).build();
  private static final Shape SHAPE = Shape.of(8, 4, 5);

  @TempDir private Path folder;

  @BeforeEach
  void requireDevice() {
    Devices.require();
  }

  @Test
  void answersAreMeasuredOnceAndKept() {
    ClDevice device = ClDevice.all().getFirst();
    DiskCache disk = ProgramCache.onDisk(Optional.of(folder));
    try (ClContext context = ClContext.open("opencl:0", device, 1, false, disk)) {
      KernelFamily family = new CpuKernels(device, 1);
      Operand operand =
          new Operand(
              Argument.SOURCE, Argument.RESIDUAL, new Argument.Destination(), CONV.geometry(SHAPE));
      List<Candidate> candidates = family.matrix(operand, ConvWeights.of(new float[64]));
      assertTrue(candidates.size() > 1, "nothing to choose from");
      int chosen = new Tuner(context, "cpu").choose("conv", candidates, SHAPE, SHAPE);

      // Candidates that cannot be planned: who measures again, fails.
      List<Candidate> kept =
          candidates.stream()
              .map(
                  candidate ->
                      new Candidate(
                          candidate.name(),
                          _ -> {
                            throw new AssertionError("measured again");
                          }))
              .toList();
      assertEquals(chosen, new Tuner(context, "cpu").choose("conv", kept, SHAPE, SHAPE));
    }
  }
}
