package org.sepconv.examples.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.graph.MobileNet;
import org.sepconv.onnx.OnnxWriter;
import org.sepconv.spark.SepconvModel;

/** Both programs run, as far as there is something to run them, and docs/spark.md shows them. */
class ClassifyPhotosTest {
  private static final Path PAGE = Path.of("../../docs/spark.md");
  private static final Path JAVA =
      Path.of("src/main/java/org/sepconv/examples/spark/ClassifyPhotos.java");
  private static final Path PYTHON = Path.of("src/main/python/classify_photos.py");
  private static final Path JAR = Path.of(System.getProperty("sepconv.spark.jar"));
  private static final int COUNT = 4;
  private static final int BROKEN = 2;

  @TempDir private static Path folder;
  private static Path photos;
  private static Path model;

  @BeforeAll
  static void write() throws Exception {
    photos = Files.createDirectory(folder.resolve("photos"));
    for (int i = 0; i < COUNT; i++) {
      BufferedImage image = new BufferedImage(48, 40, BufferedImage.TYPE_3BYTE_BGR);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(Color.getHSBColor(i / (float) COUNT, 1, 1));
      graphics.fillOval(4 * i, 5, 30, 20);
      graphics.dispose();
      ImageIO.write(image, "png", photos.resolve("p%d.png".formatted(i)).toFile());
    }
    Files.writeString(photos.resolve("p%d.png".formatted(BROKEN)), "broken");
    Graph graph = MobileNet.v2(32, 0.25);
    model = folder.resolve("model.onnx");
    Files.write(model, OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 7)));
  }

  private static SparkSession session(Map<String, String> configuration) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString());
    configuration.forEach(builder::config);
    return builder.getOrCreate();
  }

  private static String block(String language) throws IOException {
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE));
    assertTrue(block.find(), language);
    return block.group(1);
  }

  @Test
  void thePageShowsTheProgramInJava() throws IOException {
    List<String> source = Files.readAllLines(JAVA).stream().map(String::strip).toList();
    List<String> shown = block("java").lines().map(String::strip).toList();
    assertTrue(Collections.indexOfSubList(source, shown) >= 0, shown.toString());
  }

  @Test
  void thePageShowsTheProgramInPython() throws IOException {
    assertEquals(Files.readString(PYTHON), block("python"));
  }

  @Test
  void theProgramInJavaRuns() {
    SparkSession spark = session(Map.of());
    try {
      String answers = folder.resolve("answers").toString();
      ClassifyPhotos.main(new String[] {model.toString(), photos.toString(), answers});
      List<Row> rows = spark.read().parquet(answers).orderBy("path").collectAsList();
      assertEquals(COUNT, rows.size());
      for (int i = 0; i < COUNT; i++) {
        assertEquals(i == BROKEN, rows.get(i).isNullAt(1), rows.get(i).toString());
        assertEquals(i != BROKEN, rows.get(i).isNullAt(2), rows.get(i).toString());
      }
      assertEquals(3, rows.getFirst().getList(1).size());
    } finally {
      spark.stop();
    }
  }

  /** What Python only hands on: the configuration, and the text of the query. */
  @Test
  void theQueryOfTheProgramInPythonRuns() throws IOException {
    String python = Files.readString(PYTHON);
    Map<String, String> configuration = configuration(python);
    assertEquals(JAR.getFileName().toString(), configuration.remove("spark.jars"));
    Matcher load =
        Pattern.compile("read\\.format\\(\"(\\w+)\"\\).*createOrReplaceTempView\\(\"(\\w+)\"\\)")
            .matcher(python);
    assertTrue(load.find(), python);
    Matcher query =
        Pattern.compile("spark\\.sql\\(\"\"\"(.*?)\"\"\"\\)", Pattern.DOTALL).matcher(python);
    assertTrue(query.find(), python);

    SparkSession spark = session(configuration);
    try {
      spark
          .read()
          .format(load.group(1))
          .load(photos.toString())
          .createOrReplaceTempView(load.group(2));
      List<Row> rows = spark.sql(query.group(1)).orderBy("path").collectAsList();
      assertEquals(best(spark), rows.stream().map(row -> row.<Integer>getAs("best")).toList());
      for (int i = 0; i < COUNT; i++) {
        assertEquals(i == BROKEN, rows.get(i).getAs("error") != null, rows.toString());
      }
    } finally {
      spark.stop();
    }
  }

  private static Map<String, String> configuration(String python) {
    Map<String, String> configuration = new LinkedHashMap<>();
    Pattern.compile("\\.config\\(\"([^\"]+)\", (?:\"([^\"]*)\"|sys\\.argv\\[1\\])\\)")
        .matcher(python)
        .results()
        .forEach(
            (MatchResult found) ->
                configuration.put(
                    found.group(1), found.group(2) == null ? model.toString() : found.group(2)));
    assertEquals(
        Pattern.compile("\\.config\\(").matcher(python).results().count(), configuration.size());
    return configuration;
  }

  /** The likeliest class of each photo, null where there is none. */
  private static List<Integer> best(SparkSession spark) {
    return new SepconvModel()
            .setModel(model.toString())
            .setTopK(1)
            .transform(spark.read().format("binaryFile").load(photos.toString()))
            .selectExpr("path", "classes[0].index AS best")
            .orderBy("path")
            .collectAsList()
            .stream()
            .map(row -> row.<Integer>getAs("best"))
            .toList();
  }

  @Test
  void theProgramInPythonRuns() throws Exception {
    String version = pySpark();
    if (!version.startsWith("4.2.") || !Files.exists(JAR)) {
      String reason =
          version.startsWith("4.2.")
              ? "skipped: there is no %s, which mvn package makes".formatted(JAR)
              : "skipped: python3 has no PySpark 4.2, but says: " + version;
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    // The program names the jar without a folder.
    Files.copy(JAR, folder.resolve(JAR.getFileName()));
    Path printed = folder.resolve("printed");
    Process python =
        python(PYTHON.toAbsolutePath().toString(), model.toString(), photos.toString())
            .redirectOutput(printed.toFile())
            .start();
    assertTrue(python.waitFor(3, TimeUnit.MINUTES), "it ends");
    String said = Files.readString(printed);
    assertEquals(0, python.exitValue(), said);
    SparkSession spark = session(Map.of());
    try {
      List<Integer> best = best(spark);
      for (int i = 0; i < COUNT; i++) {
        Pattern row =
            Pattern.compile(
                "p%d\\.png *\\| *%s *\\|".formatted(i, i == BROKEN ? "NULL" : best.get(i)));
        assertTrue(row.matcher(said).find(), said);
      }
    } finally {
      spark.stop();
    }
  }

  private static ProcessBuilder python(String... arguments) {
    ProcessBuilder builder = new ProcessBuilder("python3");
    builder.command().addAll(List.of(arguments));
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  /** Its version, or why there is none. */
  private static String pySpark() throws InterruptedException {
    try {
      Process process = python("-c", "import pyspark; print(pyspark.__version__)").start();
      String said = new String(process.getInputStream().readAllBytes()).strip();
      process.waitFor();
      return said.substring(said.lastIndexOf('\n') + 1);
    } catch (IOException none) {
      return none.getMessage();
    }
  }
}
