package org.sepconv.cpu.scalar;

import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.KernelKind;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cpu.kernel.Chosen;
import org.sepconv.cpu.kernel.KernelFamily;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.kernel.TransposedLoops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.MatrixTurn;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.machine.HostSpeed;
import org.sepconv.spi.Support;

/** The family for JVMs without the Vector API: one plain kernel for everything. */
public final class ScalarKernels implements KernelFamily {

  @Override
  public String name() {
    return "scalar";
  }

  /** All channels in one block. */
  static ChannelBlocks nhwc(Shape shape) {
    return new ChannelBlocks(shape, shape.c());
  }

  @Override
  public ChannelBlocks blocks(Shape shape) {
    return nhwc(shape);
  }

  @Override
  public MatrixTurn turn() {
    return MatrixTurn.plain();
  }

  @Override
  public Loops loops() {
    return new ScalarLoops();
  }

  @Override
  public DeviceProfile profile(int threads) {
    // C2 makes vectors of some of these loops; the shares are of two FLOPs in two lanes a cycle.
    HostSpeed host = HostSpeed.of(threads);
    int working = Math.min(threads, Runtime.getRuntime().availableProcessors());
    return new DeviceProfile(
        "estimated: scalar loops at 2.5 GHz; bandwidth " + host.source(),
        new Ceilings(5e-6, working * 10e9, host.bandwidths()),
        Map.of(
            KernelKind.STANDARD, 0.5,
            KernelKind.GROUPED, 0.2,
            KernelKind.DEPTHWISE, 0.3,
            KernelKind.POINTWISE, 0.5));
  }

  @Override
  public Chosen conv2d(Conv2d conv, ConvWeights weights, Shape input, PackedWeights packed) {
    return Chosen.only(
        new ScalarKernel(conv, packed.of(weights), conv.geometry(input)),
        "plain loops compute every convolution");
  }

  @Override
  public Chosen transposed(
      TransposedConv2d conv, ConvWeights weights, Shape input, PackedWeights packed) {
    ChannelBlocks out = nhwc(conv.outputShapes(List.of(input)).getFirst());
    return Chosen.only(
        new TransposedLoops(conv, packed.of(weights), nhwc(input), out, loops()),
        "plain loops compute every transposed convolution");
  }

  @Override
  public Support fuses(SeparableConv2d separable) {
    return new Support.No("scalar kernels compute one stage after the other");
  }

  @Override
  public Chosen separable(
      SeparableConv2d separable, SeparableWeights weights, Shape input, PackedWeights packed) {
    throw new IllegalStateException("the scalar family does not fuse");
  }
}
