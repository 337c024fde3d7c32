package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Layout;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.Verification;
import org.sepconv.cpu.tile.MatrixTileShape;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;

/**
 * Every choice of kernels, forced in turn on every machine, on the corners and random operations:
 * what this machine would not choose, others do. Vectors that are not native are emulated.
 */
@DisplayName("kernel variants")
class KernelVariantTest {

  private static final int RANDOM_CASES = 40;

  /**
   * Settings of the backend cpu.
   *
   * @param seed of the random operations, another one for each variant
   */
  record Variant(Map<String, String> settings, int threads, int seed) {

    BackendOptions options() {
      BackendOptions options =
          BackendOptions.defaults().withThreads(threads).withWarmUp(Duration.ZERO);
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        options = options.with("cpu." + setting.getKey(), setting.getValue());
      }
      return options;
    }

    @Override
    public String toString() {
      return settings + ", " + threads + " threads";
    }
  }

  static Stream<Variant> variants() {
    List<Map<String, String>> settings = new ArrayList<>();
    settings.add(Map.of("kernels", "scalar"));
    for (int bits : new int[] {128, 256, 512}) {
      String length = "" + bits;
      settings.add(Map.of("vector-bits", length, "tile", "static"));
      settings.add(Map.of("vector-bits", length, "fuse", "never"));
      for (MatrixTileShape tile : MatrixTileShape.offered(bits)) {
        settings.add(Map.of("vector-bits", length, "tile", tile.toString()));
      }
    }
    List<Variant> variants = new ArrayList<>();
    for (Map<String, String> setting : settings) {
      variants.add(new Variant(setting, 1, variants.size()));
      // Two cut the rows or the channels; three do not divide them.
      variants.add(new Variant(setting, 2 + variants.size() / 2 % 2, variants.size()));
    }
    return variants.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  void computesTheCornersAndRandomOperations(Variant variant) {
    if (!variant.settings.containsValue("scalar")) {
      VectorModule.assumePresent();
    }
    try (Backends backends = Backends.of(variant.options(), List.of(new CpuBackendProvider()))) {
      ConvBackend backend = backends.backend("cpu");
      for (ShapeCase corner : ShapeFile.named("corners")) {
        assertEquals(
            Outcome.PASSED,
            Checker.check(
                backend, corner, Layout.NHWC, Layout.NHWC, DataKind.INTEGERS, variant.seed),
            corner::name);
      }
      Verification.Report report = Verification.convolutions(backend, variant.seed, RANDOM_CASES);
      assertTrue(report.failures().isEmpty(), () -> report.failures().toString());
      assertEquals(RANDOM_CASES, report.passed());
    }
  }
}
