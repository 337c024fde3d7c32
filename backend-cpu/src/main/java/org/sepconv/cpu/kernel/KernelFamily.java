package org.sepconv.cpu.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.cache.CacheFolder;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.MatrixTurn;
import org.sepconv.cpu.memory.SpanArena;
import org.sepconv.cpu.scalar.ScalarKernels;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.vector.TileMeasurement;
import org.sepconv.cpu.vector.VectorKernels;

/** A set of kernels for every convolution. A new way of computing comes in as another family. */
public interface KernelFamily {

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
    Optional<String> vectorSetting = vectorSetting(settings);
    return switch (kernels) {
      case "scalar" -> {
        if (vectorSetting.isPresent()) {
          throw new IllegalArgumentException(
              vectorSetting.get() + " makes no sense with cpu.kernels=scalar");
        }
        yield new ScalarKernels();
      }
      case "vector" -> {
        requireVectorModule("cpu.kernels=vector");
        yield vector(settings);
      }
      case "auto" -> {
        vectorSetting.ifPresent(KernelFamily::requireVectorModule);
        yield vectorSetting.isPresent() || autoTakesVectors(vectorModule(), multiplyAdd())
            ? vector(settings)
            : fallback();
      }
      default ->
          throw new IllegalArgumentException(
              "cpu.kernels=" + kernels + ", but must be auto, vector or scalar");
    };
  }

  /** A setting that only the vector kernels can follow, as the user gave it. */
  private static Optional<String> vectorSetting(Map<String, String> settings) {
    String tile = settings.getOrDefault("tile", "auto");
    if (settings.containsKey("vector-bits")) {
      return Optional.of("cpu.vector-bits=" + settings.get("vector-bits"));
    }
    return tile.equals("auto") || tile.equals("static")
        ? Optional.empty()
        : Optional.of("cpu.tile=" + tile);
  }

  private static void requireVectorModule(String setting) {
    if (!vectorModule()) {
      throw new IllegalArgumentException(
          setting + " needs the Vector API: start java with " + VECTOR_FLAG);
    }
  }

  /** What {@code auto} would pick here. */
  static String describe() {
    if (vectorModule() && !multiplyAdd()) {
      return "scalar: this JVM uses no FMA instruction";
    }
    return vectorModule()
        ? VectorKernels.name(VectorKernels.preferredBits())
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

  private static KernelFamily vector(Map<String, String> settings) {
    String bits = settings.get("vector-bits");
    int length =
        switch (bits) {
          case null -> VectorKernels.preferredBits();
          case "128", "256", "512" -> Integer.parseInt(bits);
          default ->
              throw new IllegalArgumentException(
                  "cpu.vector-bits=" + bits + ", but must be 128, 256 or 512");
        };
    Optional<Path> cache = CacheFolder.of(settings.getOrDefault("cache", "auto"));
    return VectorKernels.of(tiles(settings.getOrDefault("tile", "auto"), length, cache));
  }

  private static TileChoice tiles(String tile, int bits, Optional<Path> cache) {
    return switch (tile) {
      case "static" -> TileChoice.standard(bits);
      case "auto" -> new TileMeasurement(bits, cache).kept().orElse(TileChoice.standard(bits));
      case "measured" -> new TileMeasurement(bits, cache).keptOrMeasured();
      default ->
          TileChoice.forced(
              bits,
              MatrixTileShape.parse(tile, bits)
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "cpu.tile=%s, but with %d-bit vectors must be auto, static, measured, %s"
                                  .formatted(
                                      tile,
                                      bits,
                                      MatrixTileShape.offered(bits).stream()
                                          .map(MatrixTileShape::toString)
                                          .collect(Collectors.joining(" or "))))));
    };
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
