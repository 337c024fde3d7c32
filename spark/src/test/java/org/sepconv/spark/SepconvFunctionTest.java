package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sepconv.vision.Preset;

/** The function for {@code mapPartitions}. */
class SepconvFunctionTest {
  private static SparkSession spark;

  @BeforeAll
  static void start() {
    spark = Sessions.local();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static List<byte[]> contents() throws Exception {
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      contents.add(i == 3 ? new byte[] {1, 2, 3} : Pictures.png(i));
    }
    return contents;
  }

  /** Whatever kind of list Spark has in them. */
  private static List<List<Object>> plain(List<Row> rows) {
    List<List<Object>> all = new ArrayList<>();
    for (Row row : rows) {
      List<Object> values = new ArrayList<>();
      values.add(row.isNullAt(0) ? List.of() : List.copyOf(row.getList(0)));
      values.add(String.valueOf(row.get(1)));
      all.add(values);
    }
    return all;
  }

  @Test
  void contentsBecomeRowsInTheirOrderInDatasetsAndRdds() throws Exception {
    NetworkSettings settings = NetworkSettings.usual().withTopK(2);
    SepconvFunction function = SepconvFunction.of(spark, Pictures.small(), settings);
    Dataset<byte[]> dataset = spark.createDataset(contents(), Encoders.BINARY()).coalesce(1);
    List<Row> rows =
        dataset
            .mapPartitions(
                (MapPartitionsFunction<byte[], Row>) function, Encoders.row(function.schema()))
            .collectAsList();
    assertEquals(6, rows.size());
    for (int i = 0; i < 6; i++) {
      Row row = rows.get(i);
      if (i == 3) {
        assertNull(row.getAs("classes"));
        assertNotNull(row.getAs("error"));
      } else {
        List<Row> classes = row.getList(0);
        assertEquals(2, classes.size());
        assertTrue(classes.get(0).getFloat(2) >= classes.get(1).getFloat(2), row.toString());
        assertNull(row.getAs("error"));
      }
    }
    List<Row> fromRdd =
        new JavaSparkContext(spark.sparkContext())
            .parallelize(contents(), 2)
            .mapPartitions(function)
            .collect();
    assertEquals(plain(rows), plain(fromRdd));
    assertEquals(12, function.metrics().decoded() + function.metrics().failed());
  }

  /** Of which there may be a whole partition. */
  @Test
  void brokenPicturesDoNotPileUp() throws Exception {
    for (NetworkSettings settings :
        List.of(NetworkSettings.usual(), orientation(), orientation().withBatchSize(3))) {
      byte[] model = settings.height() == 0 ? Pictures.small() : Pictures.orientation();
      SepconvFunction function = SepconvFunction.of(spark, model, settings);
      byte[] good = Pictures.png(1);
      AtomicInteger taken = new AtomicInteger();
      Iterator<byte[]> endless =
          Stream.generate(() -> taken.getAndIncrement() == 0 ? good : new byte[3]).iterator();
      Iterator<Row> answers = function.call(endless);
      assertNull(answers.next().get(1));
      for (int i = 0; i < 50; i++) {
        assertNotNull(answers.next().get(1));
      }
      assertTrue(taken.get() < 100, taken + " taken");
      ((AutoCloseable) answers).close();
    }
  }

  private static NetworkSettings orientation() {
    return NetworkSettings.usual()
        .withPreset(Preset.TEXT_LINE)
        .withInputSize(Pictures.ORIENTATION_SIZE);
  }

  @Test
  void whatIsPreparedEndsWithTheApplication() throws Exception {
    SepconvFunction function = SepconvFunction.of(spark, Pictures.small(), NetworkSettings.usual());
    Iterator<Row> answers = function.call(contents().iterator());
    assertNotNull(answers.next());
    assertTrue(PreparedNetworks.ofThisJvm().size() > 0);
    // Not given back yet: it lives on until it is.
    spark.stop();
    assertEquals(1, PreparedNetworks.ofThisJvm().size());
    assertNotNull(answers.next());
    answers.forEachRemaining(row -> {});
    assertEquals(0, PreparedNetworks.ofThisJvm().size());
    start();
  }

  @Test
  void somethingThatIsNoModelIsRefusedBeforeAJobStarts() {
    assertThrows(
        RuntimeException.class,
        () -> SepconvFunction.of(spark, new byte[] {1, 2, 3}, NetworkSettings.usual()));
  }
}
