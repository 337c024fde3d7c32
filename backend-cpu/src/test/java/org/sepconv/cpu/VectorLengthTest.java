package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.Layout;
import org.sepconv.conformance.Checker;
import org.sepconv.conformance.DataKind;
import org.sepconv.conformance.Outcome;
import org.sepconv.conformance.ShapeCase;
import org.sepconv.conformance.ShapeFile;
import org.sepconv.conformance.Verification;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;

/** Every vector length on every machine: where it is not native, the JDK emulates it. */
@DisplayName("cpu.vector-bits")
class VectorLengthTest {

  @ParameterizedTest(name = "{0} bits, {1} threads")
  @CsvSource({"128, 1", "128, 3", "256, 1", "256, 3", "512, 1", "512, 3"})
  void computesTheCornersAndRandomOperations(int bits, int threads) {
    Assumptions.assumeTrue(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "this JVM was started without jdk.incubator.vector");
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(threads)
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", "" + bits);
    try (Backends backends = Backends.of(options, List.of(new CpuBackendProvider()))) {
      ConvBackend backend = backends.backend("cpu");
      for (ShapeCase corner : ShapeFile.named("corners")) {
        assertEquals(
            Outcome.PASSED,
            Checker.check(backend, corner, Layout.NHWC, Layout.NHWC, DataKind.INTEGERS, bits),
            corner::name);
      }
      Verification.Report report = Verification.run(backend, bits, 100, (_, _, _) -> {});
      assertTrue(report.failures().isEmpty(), () -> report.failures().toString());
      assertEquals(100, report.passed());
    }
  }
}
