package org.sepconv.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.cost.DeviceProfile;

/** A set of kernels for every convolution. A new way of computing comes in as another family. */
interface KernelFamily {

  /** What a user sees: {@code vector, 16 lanes}. */
  String name();

  /** What the cost model should expect of these kernels on this many threads. */
  DeviceProfile profile(int threads);

  /**
   * Whether C2 compiles these kernels to vector instructions, so that waiting for it is worth it.
   */
  default boolean nativeVectors() {
    return false;
  }

  /** How a tensor of this shape lies in memory. */
  ChannelBlocks blocks(Shape shape);

  /** Turns planes of channels into blocks of them, and back. */
  MatrixTurn turn();

  /**
   * A kernel for one convolution on data of this shape.
   *
   * @param arena for its packed weights
   */
  RowKernel conv2d(Conv2d conv, ConvWeights weights, Shape input, SpanArena arena);

  /** A kernel that computes both stages at once. */
  RowKernel separable(
      SeparableConv2d separable, SeparableWeights weights, Shape input, SpanArena arena);

  /** Whether {@link #separable} is better than one stage after the other. */
  boolean fuses(SeparableConv2d separable);

  /** The family that the settings ask for. */
  static KernelFamily of(Map<String, String> settings) {
    String kernels = settings.getOrDefault("kernels", "auto");
    String bits = settings.get("vector-bits");
    String tile = settings.getOrDefault("tile", "static");
    if (!tile.equals("static") && kernels.equals("scalar")) {
      throw new IllegalArgumentException(
          "cpu.tile=" + tile + " makes no sense with cpu.kernels=scalar");
    }
    if (bits != null && kernels.equals("scalar")) {
      throw new IllegalArgumentException(
          "cpu.vector-bits=" + bits + " makes no sense with cpu.kernels=scalar");
    }
    return switch (kernels) {
      case "scalar" -> new ScalarKernels();
      case "vector" -> {
        if (!vectorModule()) {
          throw new IllegalArgumentException(
              "cpu.kernels=vector needs the Vector API: start java with " + VECTOR_FLAG);
        }
        yield vector(bits, tile);
      }
      case "auto" ->
          bits != null || !tile.equals("static") || autoTakesVectors(vectorModule(), multiplyAdd())
              ? vector(bits, tile)
              : fallback();
      default ->
          throw new IllegalArgumentException(
              "cpu.kernels=" + kernels + ", but must be auto, vector or scalar");
    };
  }

  /** What {@code auto} would pick here. */
  static String describe() {
    if (vectorModule() && !multiplyAdd()) {
      return "scalar: this JVM uses no FMA instruction";
    }
    return vectorModule()
        ? VectorKernels.of(VectorKernels.preferredBits(), Optional.empty()).name()
        : "scalar; for the vector kernels, start java with " + VECTOR_FLAG;
  }

  String VECTOR_FLAG = "--add-modules jdk.incubator.vector";

  static boolean vectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** Whether {@code auto} takes the vector kernels: without FMA each of their steps is a call. */
  static boolean autoTakesVectors(boolean vectorModule, boolean multiplyAdd) {
    return vectorModule && multiplyAdd;
  }

  /** Whether this JVM uses FMA instructions; assumed where it does not say. */
  static boolean multiplyAdd() {
    try {
      HotSpotDiagnosticMXBean vm =
          ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
      return vm == null || Boolean.parseBoolean(vm.getVMOption("UseFMA").getValue());
    } catch (IllegalArgumentException unknownOption) {
      return true;
    }
  }

  private static KernelFamily vector(String bits, String tile) {
    if (!vectorModule()) {
      throw new IllegalArgumentException(
          "cpu.%s needs the Vector API: start java with %s"
              .formatted(bits == null ? "tile" : "vector-bits", VECTOR_FLAG));
    }
    int length =
        switch (bits) {
          case null -> VectorKernels.preferredBits();
          case "128", "256", "512" -> Integer.parseInt(bits);
          default ->
              throw new IllegalArgumentException(
                  "cpu.vector-bits=" + bits + ", but must be 128, 256 or 512");
        };
    return VectorKernels.of(length, MatrixTileShape.setting(tile, length));
  }

  private static KernelFamily fallback() {
    if (!vectorModule() && !FallbackNotice.GIVEN.getAndSet(true)) {
      System.getLogger("org.sepconv.cpu").log(System.Logger.Level.INFO, FallbackNotice.TEXT);
    }
    return new ScalarKernels();
  }

  /** Given once in the life of the JVM. */
  final class FallbackNotice {
    private static final AtomicBoolean GIVEN = new AtomicBoolean();
    private static final String TEXT =
        "using the scalar kernels; for the vector kernels, which are many times faster, start java"
            + " with "
            + VECTOR_FLAG;

    private FallbackNotice() {}
  }
}
