package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * PP-OCR as RapidOCR publishes it, from Paddle's two exporters: every model gives what ONNX Runtime
 * gives.
 */
class RealModelsTest {
  /** Of the largest value of an output. */
  private static final double TOLERANCE = 1e-4;

  static Stream<Arguments> models() {
    return Stream.of(
        model(
            "ch_ppocr_mobile_v2.0_cls_infer", size(1, 48, 192), size(3, 48, 192), size(1, 48, 100)),
        model("ch_PP-OCRv3_rec_infer", size(1, 48, 320), size(2, 48, 80)),
        model("ch_PP-OCRv4_rec_infer", size(1, 48, 320), size(2, 48, 80)));
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
  void givesWhatOnnxRuntimeGives(String name, List<int[]> sizes) throws Exception {
    byte[] bytes = bytes(name);
    OnnxModel model = OnnxModel.read(bytes);
    for (int[] size : sizes) {
      OnnxNetwork network = model.at(size);
      List<float[]> inputs = Engines.inputs(network);
      double difference =
          Engines.difference(
              name, Engines.runtime(bytes, network, inputs), Engines.run("cpu", network, inputs));
      System.out.printf("%s at %s: %.2g%n", name, Arrays.toString(size), difference);
      assertTrue(difference <= TOLERANCE, name + " " + difference);
    }
  }
}
