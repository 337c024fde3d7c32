package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The function in SQL, as Python says it too. */
class SqlTest {
  private static final int COUNT = 4;

  private static SparkSession spark;
  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws Exception {
    spark =
        Sessions.builder("local[2]")
            .config("spark.sql.extensions", SepconvExtensions.class.getName())
            .getOrCreate();
    Path pictures = folder.resolve("pictures");
    Pictures.write(pictures, COUNT);
    Files.writeString(pictures.resolve("p002.png"), "broken");
    Files.write(folder.resolve("model.onnx"), Pictures.orientation());
    Files.writeString(folder.resolve("labels.txt"), "upright\nupside down\n");
    spark
        .read()
        .format("binaryFile")
        .load(pictures.toString())
        .repartition(2)
        .createOrReplaceTempView("pictures");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void configure() {
    spark.conf().set("spark.sepconv.model", folder.resolve("model.onnx").toString());
    spark.conf().set("spark.sepconv.labels", folder.resolve("labels.txt").toString());
    spark.conf().set("spark.sepconv.preset", "text-line");
    spark.conf().set("spark.sepconv.inputSize", Pictures.ORIENTATION_SIZE);
    spark.conf().set("spark.sepconv.topK", "1");
  }

  private static List<Row> query(String function) {
    return spark
        .sql(
            """
            SELECT path, answer.classes[0].label AS label, answer.classes[0].score AS score, answer.error
            FROM (SELECT path, %s(content) AS answer FROM pictures)
            ORDER BY path
            """
                .formatted(function))
        .collectAsList();
  }

  @Test
  void theFunctionSaysWhatTheTransformerSays() throws Exception {
    List<Row> rows = query(ClassifyUdf.NAME);
    SepconvModel model =
        new SepconvModel()
            .setModel(Pictures.orientation())
            .setLabels("upright", "upside down")
            .setPreset("text-line")
            .setInputSize(Pictures.ORIENTATION_SIZE);
    List<Row> expected =
        model
            .transform(spark.table("pictures"))
            .selectExpr("path", "classes[0].label AS label", "classes[0].score AS score", "error")
            .orderBy("path")
            .collectAsList();
    assertEquals(COUNT, rows.size());
    for (int i = 0; i < COUNT; i++) {
      for (String column : List.of("path", "label", "score")) {
        assertEquals(
            expected.get(i).<Object>getAs(column), rows.get(i).<Object>getAs(column), column);
      }
      assertEquals(i == 2, rows.get(i).getAs("error") != null);
    }
    assertNull(rows.get(2).getAs("label"));
    assertNotNull(rows.get(1).getAs("label"));
  }

  /**
   * As Python does with {@code spark.udf.registerJavaFunction}, where it is too late for
   * extensions.
   */
  @Test
  void theFunctionIsRegisteredByTheNameOfItsClass() {
    spark.udf().registerJava("classify_too", ClassifyUdf.class.getName(), ClassifyUdf.type());
    assertEquals(query(ClassifyUdf.NAME), query("classify_too"));
  }

  /** Spark computes a query without a table on the driver, where there is no task. */
  @Test
  void aLiteralIsClassifiedToo() {
    Row row = spark.sql("SELECT sepconv_classify(unhex('00')) AS answer").first().getAs("answer");
    assertNull(row.get(0));
    assertNotNull(row.getString(1));
  }

  @Test
  void aConfigurationThatCannotBeSaysTheWayOut() {
    spark.conf().set("spark.sepconv.topK", "many");
    refused("spark.sepconv.topK is 'many', but must be a whole number");
    spark.conf().unset("spark.sepconv.labels");
    spark.conf().set("spark.sepconv.topK", "0");
    refused("spark.sepconv.topK is 0, but sepconv_classify gives classes");
    spark.conf().set("spark.sepconv.topK", "1");
    spark.conf().unset("spark.sepconv.model");
    refused("set spark.sepconv.model to a file in ONNX");
  }

  private static void refused(String message) {
    Exception refused = assertThrows(Exception.class, () -> query(ClassifyUdf.NAME));
    assertTrue(refused.toString().contains(message), refused.toString());
  }
}
