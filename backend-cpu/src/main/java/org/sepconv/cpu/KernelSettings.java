package org.sepconv.cpu;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.sepconv.cache.CacheFolder;
import org.sepconv.cpu.kernel.KernelFamily;
import org.sepconv.cpu.scalar.ScalarKernels;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.vector.TileMeasurement;
import org.sepconv.cpu.vector.VectorKernels;

/**
 * From settings to a family of kernels. Vector classes are loaded only where the module {@code
 * jdk.incubator.vector} is present.
 */
final class KernelSettings {
  private static final String NOTICE =
      "using the scalar kernels; for the vector kernels, which are many times faster, start java"
          + " with "
          + VectorApi.FLAG;

  /** Given once in the life of the JVM. */
  private static final AtomicBoolean NOTICE_GIVEN = new AtomicBoolean();

  private KernelSettings() {}

  /**
   * The family that the settings ask for.
   *
   * @param warmsUp whether what is prepared is also warmed up
   */
  static KernelFamily of(Map<String, String> settings, boolean warmsUp) {
    boolean staged = isStaged(settings, warmsUp);
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
        yield vector(settings, staged);
      }
      case "auto" -> {
        vectorSetting.ifPresent(KernelSettings::requireVectorModule);
        yield vectorSetting.isPresent() || VectorApi.pays() ? vector(settings, staged) : fallback();
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
    if (!VectorApi.isPresent()) {
      throw new IllegalArgumentException(
          setting + " needs the Vector API: start java with " + VectorApi.FLAG);
    }
  }

  /** What {@code auto} would pick here. */
  static String describe() {
    if (VectorApi.isPresent() && !VectorApi.multiplyAdd()) {
      return "scalar: this JVM uses no FMA instruction";
    }
    return VectorApi.isPresent()
        ? VectorKernels.name(VectorKernels.preferredBits())
        : "scalar; for the vector kernels, start java with " + VectorApi.FLAG;
  }

  /** Whether other code computes until the JVM has compiled what is tuned. */
  private static boolean isStaged(Map<String, String> settings, boolean warmsUp) {
    String start = settings.getOrDefault("start", "auto");
    return switch (start) {
      case "auto" -> warmsUp;
      case "at-once" -> true;
      case "tuned" -> false;
      default ->
          throw new IllegalArgumentException(
              "cpu.start=" + start + ", but must be auto, at-once or tuned");
    };
  }

  private static KernelFamily vector(Map<String, String> settings, boolean staged) {
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
    TileChoice tiles = tiles(settings.getOrDefault("tile", "auto"), length, cache);
    // Vectors that are emulated are never compiled to what is waited for.
    return VectorKernels.of(tiles, staged && length <= VectorKernels.preferredBits());
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
    if (!VectorApi.isPresent() && !NOTICE_GIVEN.getAndSet(true)) {
      System.getLogger("org.sepconv.cpu").log(System.Logger.Level.INFO, NOTICE);
    }
    return new ScalarKernels();
  }
}
