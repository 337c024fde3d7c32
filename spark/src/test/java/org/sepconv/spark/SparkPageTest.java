package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.spark.example.ClassifyPhotos;

/** {@code docs/spark.md} tells the truth. */
class SparkPageTest {
  private static final Path PAGE = Path.of("..", "docs", "spark.md");
  private static final Path EXAMPLE =
      Path.of("src/test/java/org/sepconv/spark/example/ClassifyPhotos.java");

  private static List<String> blocks(String language) throws Exception {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(PAGE))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void whatItShowsOfTheExampleIsInTheExample() throws Exception {
    List<String> source = Files.readAllLines(EXAMPLE).stream().map(String::strip).toList();
    List<String> shown = blocks("java").getFirst().lines().map(String::strip).toList();
    assertTrue(Collections.indexOfSubList(source, shown) >= 0, shown.toString());
  }

  @Test
  void theExampleRuns(@TempDir Path folder) throws Exception {
    Pictures.write(folder.resolve("photos"), 3);
    Files.write(folder.resolve("model.onnx"), Pictures.small());
    SparkSession spark = Sessions.local();
    try {
      String answers = folder.resolve("answers").toString();
      ClassifyPhotos.main(
          new String[] {
            folder.resolve("model.onnx").toString(), folder.resolve("photos").toString(), answers
          });
      List<Row> rows = spark.read().parquet(answers).collectAsList();
      assertEquals(3, rows.size());
      assertEquals(3, rows.getFirst().getList(1).size());
    } finally {
      spark.stop();
    }
  }

  @Test
  void everyOptionOfTheJvmIsThere() throws Exception {
    String page = Files.readString(PAGE);
    List<String> missing =
        Arrays.stream(JavaModuleOptions.defaultModuleOptionArray())
            .filter(option -> !page.contains(option))
            .toList();
    assertEquals(List.of(), missing);
  }

  @Test
  void everyParameterIsThereWithItsDefault() throws Exception {
    String page = Files.readString(PAGE);
    SepconvModel model = new SepconvModel();
    for (Param<?> param : model.params()) {
      Object value = model.getDefault(param).get();
      String text = value instanceof String[] ? "" : value.toString();
      String row = "| `%s` | %s |".formatted(param.name(), text.isEmpty() ? "" : "`" + text + "`");
      assertTrue(page.contains(row.replace("|  |", "| |")), row);
    }
  }
}
