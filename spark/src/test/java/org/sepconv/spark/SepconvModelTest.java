package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.conformance.process.ProcessState;
import org.sepconv.vision.Classes;
import org.sepconv.vision.Preset;

/** The transformer, with tasks in this JVM. */
class SepconvModelTest {
  private static final int COUNT = 10;
  private static final List<Integer> ORIENTATION_INPUT = List.of(1, 3, 48, 192);

  private static SparkSession spark;
  @TempDir private static Path pictures;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    spark = Sessions.local();
    Pictures.write(pictures, COUNT);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> files(Path where) {
    return Rows.files(spark, where);
  }

  private static SepconvModel orientation() throws Exception {
    return new SepconvModel()
        .setModel(Pictures.orientation())
        .setInputSize(Pictures.ORIENTATION_SIZE)
        .setPreset("text-line");
  }

  private static List<Float> scores(Row row) {
    return row.<Row>getList(row.fieldIndex("classes")).stream()
        .map(guess -> guess.getFloat(2))
        .toList();
  }

  /** The last batch of a partition is not full. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theLikeliestClassesAreThoseOfOneMachineToTheBit(int batch) throws Exception {
    List<String> labels = List.of("upright", "upside down");
    List<Row> rows =
        Rows.inOrder(
            orientation()
                .setLabels(labels.toArray(String[]::new))
                .setBatchSize(batch)
                .transform(files(pictures)));
    List<float[]> expected =
        OneMachine.outputs(
            Pictures.orientation(), ORIENTATION_INPUT, Preset.TEXT_LINE, Pictures.pngs(COUNT));
    assertEquals(COUNT, rows.size());
    for (int i = 0; i < COUNT; i++) {
      List<Classes.Guess> best = new Classes(labels, 5).best(expected.get(i));
      List<Row> guesses = rows.get(i).getList(rows.get(i).fieldIndex("classes"));
      for (int k = 0; k < best.size(); k++) {
        assertEquals(best.get(k).label().orElseThrow(), guesses.get(k).getString(0));
        assertEquals(best.get(k).index(), guesses.get(k).getInt(1));
        assertEquals(best.get(k).share(), guesses.get(k).getFloat(2));
      }
      assertEquals(best.size(), guesses.size());
      assertNull(rows.get(i).getAs("error"));
    }
  }

  @Test
  void outputsOfMobileNetAreThoseOfOneMachineToTheBit() throws Exception {
    SepconvModel model = new SepconvModel().setModel(Pictures.mobileNet()).setTopK(0);
    List<Row> rows = Rows.inOrder(model.transform(files(pictures)));
    List<float[]> expected =
        OneMachine.outputs(
            Pictures.mobileNet(), List.of(1, 3, 64, 64), Preset.IMAGENET, Pictures.pngs(COUNT));
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(expected.get(i), Rows.outputs(rows.get(i)));
    }
  }

  @Test
  void outputsOfATextDetectorAreThoseOfOneMachineToTheBit() throws Exception {
    byte[] detector;
    try (InputStream in =
        SepconvModelTest.class.getResourceAsStream("/models/ch_PP-OCRv3_det_infer.onnx")) {
      detector = in.readAllBytes();
    }
    SepconvModel model =
        new SepconvModel().setModel(detector).setInputSize("96x160").setTopK(0).setBatchSize(2);
    List<Row> rows = Rows.inOrder(model.transform(files(pictures)));
    List<float[]> expected =
        OneMachine.outputs(detector, List.of(1, 3, 96, 160), Preset.IMAGENET, Pictures.pngs(COUNT));
    for (int i = 0; i < COUNT; i++) {
      assertEquals(96 * 160, Rows.outputs(rows.get(i)).length);
      assertArrayEquals(expected.get(i), Rows.outputs(rows.get(i)));
    }
  }

  @Test
  void oneNetworkIsPreparedForAllTasksAndAllJobs() throws Exception {
    byte[] own = Pictures.small();
    // No other test has it, so nothing is there yet.
    SepconvModel model = new SepconvModel().setModel(own);
    Dataset<Row> answers = model.transform(files(pictures).repartition(5));
    assertEquals(COUNT, answers.collectAsList().size());
    JobMetrics metrics = model.metrics().orElseThrow();
    assertEquals(1, metrics.prepared());
    assertEquals(COUNT, metrics.decoded());
    assertEquals(COUNT, metrics.run());
    assertEquals(0, metrics.failed());
    long bytes = 0;
    for (byte[] content : Pictures.pngs(COUNT)) {
      bytes += content.length;
    }
    assertEquals(bytes, metrics.bytes());
    assertTrue(metrics.decodeSeconds() > 0, metrics.toString());
    assertTrue(metrics.runSeconds() > 0, metrics.toString());
    model.transform(files(pictures)).collectAsList();
    assertEquals(0, model.metrics().orElseThrow().prepared());
  }

  @Test
  void aPictureThatCannotBeReadIsARowWithItsError() throws Exception {
    Path some = folder.resolve("some");
    Pictures.write(some, 4);
    Files.writeString(some.resolve("p001.png"), "broken");
    byte[] whole = Files.readAllBytes(some.resolve("p002.png"));
    Files.write(some.resolve("p002.png"), java.util.Arrays.copyOf(whole, whole.length / 2));
    SepconvModel model = orientation().setBatchSize(2);
    List<Row> rows = Rows.inOrder(model.transform(files(some)));
    assertEquals(4, rows.size());
    for (int i = 0; i < 4; i++) {
      Row row = rows.get(i);
      boolean broken = i == 1 || i == 2;
      assertEquals(broken, row.isNullAt(row.fieldIndex("classes")), row.toString());
      assertEquals(!broken, row.isNullAt(row.fieldIndex("error")), row.toString());
      if (broken) {
        String error = row.getAs("error");
        assertTrue(error.contains("p00%d.png".formatted(i)), error);
      }
    }
    JobMetrics metrics = model.metrics().orElseThrow();
    assertEquals(2, metrics.failed());
    assertEquals(2, metrics.decoded());
    assertEquals(2, metrics.run());
  }

  @Test
  void nullIsARowWithAnError() throws Exception {
    StructType schema = new StructType().add("content", DataTypes.BinaryType);
    Dataset<Row> nothing = spark.createDataFrame(List.of(RowFactory.create((Object) null)), schema);
    Row row = orientation().transform(nothing).first();
    assertNull(row.getAs("classes"));
    assertEquals("there is no picture: the column is null", row.getAs("error"));
  }

  /** Spark decodes with the same ImageIO, so that the pixels are the same ones. */
  @Test
  void theSourceImageGivesTheSame() throws Exception {
    List<Row> files = Rows.inOrder(orientation().transform(files(pictures)));
    Dataset<Row> images = spark.read().format("image").load(pictures.toString());
    List<Row> rows =
        Rows.inOrder(
            orientation()
                .setInputCol("image")
                .transform(images)
                .selectExpr("image.origin AS path", "classes"));
    assertEquals(COUNT, rows.size());
    for (int i = 0; i < COUNT; i++) {
      assertEquals(scores(files.get(i)), scores(rows.get(i)));
    }
  }

  @Test
  void savedAndLoadedItGivesTheSameWithoutItsFile() throws Exception {
    Path onnx = Files.write(folder.resolve("model.onnx"), Pictures.orientation());
    SepconvModel model =
        orientation().setModel(onnx.toString()).setOutputCol("guesses").setLabels("a", "b");
    List<Row> before = Rows.inOrder(model.transform(files(pictures)));
    String saved = folder.resolve("saved").toString();
    model.save(saved);
    Files.delete(onnx);
    SepconvModel loaded = SepconvModel.load(saved);
    assertEquals(model.uid(), loaded.uid());
    assertEquals(model.settings(), loaded.settings());
    assertEquals(before, Rows.inOrder(loaded.transform(files(pictures))));
    // Another file is another model.
    loaded.setModel(onnx.toString());
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> loaded.transform(files(pictures)));
    assertTrue(refused.getMessage().startsWith("model '"), refused.getMessage());
  }

  @Test
  void itIsAStageOfAPipelineThatIsSavedAndLoaded() throws Exception {
    SQLTransformer best =
        new SQLTransformer()
            .setStatement("SELECT path, classes[0].index AS best, error FROM __THIS__");
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {orientation(), best});
    PipelineModel fitted = pipeline.fit(files(pictures));
    List<Row> before = Rows.inOrder(fitted.transform(files(pictures)));
    assertEquals(COUNT, before.size());
    assertNotNull(before.getFirst().getAs("best"));
    String saved = folder.resolve("pipeline").toString();
    fitted.save(saved);
    assertEquals(before, Rows.inOrder(PipelineModel.load(saved).transform(files(pictures))));
  }

  @Test
  void parametersThatCannotBeSayTheWayOut() throws Exception {
    Dataset<Row> files = files(pictures);
    refused("there is no model: set one with setModel", new SepconvModel(), files);
    refused("batchSize is 0, but must be at least 1", orientation().setBatchSize(0), files);
    refused(
        "batchSize is 2, but the model takes ",
        new SepconvModel().setModel(Pictures.small()).setBatchSize(2),
        files);
    refused("threads is 0", orientation().setThreads(0), files);
    refused("topK is -1", orientation().setTopK(-1), files);
    refused(
        "there is no preset 'resnet'; there are: imagenet",
        orientation().setPreset("resnet"),
        files);
    refused("inputSize is '48 by 192'", orientation().setInputSize("48 by 192"), files);
    refused("of a size that is free: say height x width", orientation().setInputSize(""), files);
    refused("there are 3 labels for the 2 classes", orientation().setLabels("a", "b", "c"), files);
    refused(
        "inputCol is 'picture', but the columns are", orientation().setInputCol("picture"), files);
    refused("inputCol 'path' is of type string", orientation().setInputCol("path"), files);
    refused("there is one called 'path' already", orientation().setOutputCol("path"), files);
    refused("cannot be read", orientation().setModel("/no/such/file"), files);
    refused(
        "there are 2 labels, but topK is 0", orientation().setLabels("a", "b").setTopK(0), files);
  }

  private static void refused(String message, SepconvModel model, Dataset<Row> files) {
    Exception refused = assertThrows(IllegalArgumentException.class, () -> model.transform(files));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void aBackendThatIsNotThereFailsTheJobAndSaysWhatThereIs() throws Exception {
    Dataset<Row> answers = orientation().setBackend("abacus").transform(files(pictures));
    Exception failed = assertThrows(Exception.class, answers::collectAsList);
    assertTrue(failed.toString().contains("abacus"), failed.toString());
  }

  @Test
  void tasksThatEndEarlyLeaveNoThread() throws Exception {
    Dataset<Row> answers = orientation().transform(files(pictures).repartition(1));
    assertEquals(1, answers.limit(1).collectAsList().size());
    assertEquals(Set.of(), ProcessState.threadsLeft("sepconv-decode-"));
  }
}
