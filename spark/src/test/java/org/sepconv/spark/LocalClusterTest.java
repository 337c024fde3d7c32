package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.vision.Classes;
import org.sepconv.vision.Preset;

/** Two executors, each a process of its own. */
class LocalClusterTest {
  private static final int COUNT = 24;

  @TempDir private static Path folder;
  private SparkSession spark;

  @BeforeAll
  static void write() throws Exception {
    Pictures.write(folder.resolve("pictures"), COUNT);
  }

  @AfterEach
  void stop() {
    if (spark != null) {
      spark.stop();
    }
  }

  private static SepconvModel orientation() throws Exception {
    return new SepconvModel()
        .setModel(Pictures.orientation())
        .setInputSize(Pictures.ORIENTATION_SIZE)
        .setPreset("text-line");
  }

  private Dataset<Row> files(int partitions) {
    return spark
        .read()
        .format("binaryFile")
        .load(folder.resolve("pictures").toString())
        .repartition(partitions);
  }

  private static void check(List<Row> answers) throws Exception {
    List<Row> rows = new ArrayList<>(answers);
    rows.sort(Comparator.comparing(row -> row.<String>getAs("path")));
    assertEquals(
        IntStream.range(0, COUNT).mapToObj("p%03d.png"::formatted).toList(),
        rows.stream()
            .map(row -> row.<String>getAs("path"))
            .map(path -> path.substring(path.lastIndexOf('/') + 1))
            .toList());
    List<float[]> expected =
        OneMachine.outputs(
            Pictures.orientation(), List.of(1, 3, 48, 192), Preset.TEXT_LINE, Pictures.pngs(COUNT));
    for (int i = 0; i < COUNT; i++) {
      Row row = rows.get(i);
      assertNull(row.getAs("error"));
      List<Classes.Guess> best = new Classes(List.of(), 5).best(expected.get(i));
      List<Row> guesses = row.getList(row.fieldIndex("classes"));
      assertEquals(
          best.stream().map(guess -> guess.index() + " " + guess.share()).toList(),
          guesses.stream().map(guess -> guess.getInt(1) + " " + guess.getFloat(2)).toList());
    }
  }

  /** One task after the other in each executor, and two at once. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void eachExecutorPreparesOneNetworkForAllItsTasks(int cores) throws Exception {
    spark = SparkHome.make().session(cores);
    SepconvModel model = orientation();
    Dataset<Row> answers = model.transform(files(12));
    check(answers.collectAsList());
    assertEquals(2, model.metrics().orElseThrow().prepared());
    assertEquals(COUNT, model.metrics().orElseThrow().run());
    check(model.transform(files(12)).collectAsList());
    assertEquals(0, model.metrics().orElseThrow().prepared(), "by a second job");
  }

  /** Half-way through its pictures, an executor is gone at once, as if its machine were. */
  @Test
  void anExecutorThatDiesCostsNoPictureAndDoublesNone() throws Exception {
    spark = SparkHome.make().session(1);
    Path died = folder.resolve("died");
    String mark = died.toString();
    Dataset<Row> answers = orientation().transform(files(6));
    Dataset<Row> dangerous =
        answers.mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> {
                  List<Row> seen = new ArrayList<>();
                  while (rows.hasNext()) {
                    seen.add(rows.next());
                    boolean halfWay = TaskContext.getPartitionId() == 3 && seen.size() == 2;
                    // Once: the retry of the whole stage would begin with attempt 0 again.
                    if (halfWay && !Files.exists(Path.of(mark))) {
                      Files.writeString(Path.of(mark), "here");
                      Runtime.getRuntime().halt(137);
                    }
                  }
                  return seen.iterator();
                },
            Encoders.row(answers.schema()));
    check(dangerous.collectAsList());
    assertTrue(Files.exists(died), "no executor died");
  }
}
