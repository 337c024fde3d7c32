package org.sepconv.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.GraphWeights;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cpu.kernel.Chosen;
import org.sepconv.cpu.kernel.Joined;
import org.sepconv.cpu.kernel.KernelFamily;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.kernel.TransposedLoops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.MatrixTurn;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.machine.HostSpeed;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Support;

/** The family over the Vector API. */
public final class VectorKernels implements KernelFamily {
  private final VectorEmitter emitter;
  private final MatrixTurn turn;

  private VectorKernels(VectorEmitter emitter) {
    this.emitter = emitter;
    this.turn = new SquareTurn(emitter);
  }

  /** The length of vectors that this JVM prefers, as far as there are kernels for it. */
  public static int preferredBits() {
    return Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);
  }

  /**
   * The family that computes with these tiles.
   *
   * @param staged whether other code computes until the JVM has compiled a tile
   */
  public static VectorKernels of(TileChoice tiles, boolean staged) {
    return new VectorKernels(new VectorEmitter(tiles, staged));
  }

  @Override
  public String name() {
    return name(emitter.lanes() * Float.SIZE);
  }

  /** The name of the family for vectors of so many bits. */
  public static String name(int bits) {
    return "vector, %d lanes".formatted(bits / Float.SIZE);
  }

  @Override
  public boolean nativeVectors() {
    return emitter.lanes() <= FloatVector.SPECIES_PREFERRED.length();
  }

  @Override
  public boolean isStaged() {
    return emitter.isStaged();
  }

  @Override
  public ChannelBlocks blocks(Shape shape) {
    return ChannelBlocks.ofVectors(shape, emitter.lanes());
  }

  @Override
  public MatrixTurn turn() {
    return turn;
  }

  @Override
  public Loops loops() {
    return new VectorLoops(emitter);
  }

  @Override
  public DeviceProfile profile(int threads) {
    // The shares of the peak: the middle of what was measured, see
    // docs/benchmarks/2026-11-28-estimates.md.
    HostSpeed host = HostSpeed.of(threads);
    return new DeviceProfile(
        "estimated; processor " + host.source(),
        host.ceilings(threads == 1 ? 1e-6 : 5e-6),
        Map.of(
            KernelKind.STANDARD, 0.7,
            KernelKind.GROUPED, 0.2,
            KernelKind.DEPTHWISE, 0.3,
            KernelKind.POINTWISE, 0.8));
  }

  @Override
  public Chosen conv2d(Conv2d conv, ConvWeights weights, Shape input, PackedWeights packed) {
    ConvGeometry geometry = conv.geometry(input);
    List<KernelCandidate> refused = new ArrayList<>();
    Optional<String> why = PlanarKernel.refusal(conv, geometry, emitter.lanes());
    if (why.isEmpty()) {
      return Chosen.after(
          refused,
          new PlanarKernel(conv, weights, geometry, emitter, packed),
          "few channels: a plane each, with vectors along the row");
    }
    refused.add(KernelCandidate.refused("planar", why.get()));
    why = WindowKernel.refusal(conv, emitter.lanes());
    if (why.isEmpty()) {
      return Chosen.after(
          refused,
          new WindowKernel(conv, weights, geometry, emitter, packed),
          "a large kernel or several groups in a vector, walked over tap by tap");
    }
    refused.add(KernelCandidate.refused("window", why.get()));
    why = DepthwiseKernel.refusal(conv);
    if (why.isEmpty()) {
      return Chosen.after(
          refused,
          new DepthwiseKernel(conv, weights, geometry, emitter, packed),
          "each channel on its own, read where it lies");
    }
    refused.add(KernelCandidate.refused("depthwise", why.get()));
    why = OnePixelKernel.refusal(conv, geometry);
    if (why.isEmpty()) {
      return Chosen.after(
          refused,
          new OnePixelKernel(conv, weights, geometry, emitter, packed),
          "a single pixel: the weights are read once for all images");
    }
    refused.add(KernelCandidate.refused("one pixel", why.get()));
    why = PointwiseKernel.refusal(conv, geometry, emitter.lanes());
    if (why.isEmpty()) {
      return Chosen.after(
          refused,
          new PointwiseKernel(conv, weights, geometry, emitter, packed),
          "few channels, multiplied where they lie");
    }
    refused.add(KernelCandidate.refused("in place", why.get()));
    return Chosen.after(
        refused,
        new MatrixKernel(conv, weights, geometry, emitter, packed),
        "a product of matrices, of rows copied side by side");
  }

  @Override
  public Chosen transposed(
      TransposedConv2d conv, ConvWeights weights, Shape input, PackedWeights packed) {
    Optional<String> why = TransposedKernel.refusal(conv, emitter.lanes());
    if (why.isEmpty()) {
      return Chosen.only(
          new TransposedKernel(conv, weights, input, emitter, packed),
          "each tap a product of matrices, added to every output that it meets");
    }
    ChannelBlocks out = blocks(conv.outputShapes(List.of(input)).getFirst());
    return Chosen.after(
        List.of(KernelCandidate.refused("products", why.get())),
        new TransposedLoops(conv, packed.of(weights), blocks(input), out, loops()),
        "plain loops, tap by tap");
  }

  @Override
  public Support fuses(SeparableConv2d separable) {
    if (WindowKernel.refusal(separable.depthwise(), emitter.lanes()).isEmpty()) {
      return new Support.No("the depthwise kernel is large, and faster by itself");
    }
    return DepthwiseKernel.refusal(separable.depthwise())
        .<Support>map(Support.No::new)
        .orElse(Support.YES);
  }

  @Override
  public Chosen separable(
      SeparableConv2d separable, SeparableWeights weights, Shape input, PackedWeights packed) {
    return Chosen.only(
        new FusedSeparableKernel(separable, weights, input, emitter, packed),
        "fused: the values between the stages stay in the cache");
  }

  @Override
  public Support joins(Joined joined, Problem problem, boolean always) {
    Shape input = problem.inputs().get(joined.operands().source()).shape();
    return switch (joined) {
      case Joined.Expanded expanded -> joins(expanded, input, always);
      case Joined.Gated gated -> joins(gated.pointwise(), input);
    };
  }

  private Support joins(Joined.Expanded expanded, Shape input, boolean always) {
    if (fuses(expanded.separable()) instanceof Support.No no) {
      return no;
    }
    return always
        ? Support.YES
        : InvertedResidualKernel.refusal(expanded.expansion().outputShape(input), emitter)
            .<Support>map(Support.No::new)
            .orElse(Support.YES);
  }

  /** Where the input is copied anyway, and so multiplied in passing. */
  private Support joins(Conv2d gated, Shape input) {
    ConvGeometry geometry = gated.geometry(input);
    boolean copied =
        PlanarKernel.refusal(gated, geometry, emitter.lanes()).isPresent()
            && OnePixelKernel.refusal(gated, geometry).isPresent()
            && PointwiseKernel.refusal(gated, geometry, emitter.lanes()).isPresent();
    return copied ? Support.YES : new Support.No("the kernel reads its input where it lies");
  }

  @Override
  public Chosen joined(Joined joined, GraphWeights weights, Problem problem, PackedWeights packed) {
    Shape input = problem.inputs().get(joined.operands().source()).shape();
    return switch (joined) {
      case Joined.Expanded expanded ->
          Chosen.only(
              new InvertedResidualKernel(
                  expanded.expansion(),
                  (ConvWeights) weights.of(expanded.first()),
                  expanded.separable(),
                  (SeparableWeights) weights.of(expanded.last()),
                  input,
                  emitter,
                  packed),
              "by strips: what is expanded stays in the cache");
      case Joined.Gated gated ->
          Chosen.only(
              new MatrixKernel(
                  gated.pointwise(),
                  (ConvWeights) weights.of(gated.last()),
                  gated.pointwise().geometry(input),
                  true,
                  emitter,
                  packed),
              "multiplied by the gate while rows are copied side by side");
    };
  }
}
