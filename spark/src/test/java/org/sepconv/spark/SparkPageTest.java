package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.launcher.JavaModuleOptions;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

/** {@code docs/spark.md} tells the truth. */
class SparkPageTest {
  private static final Path PAGE = Path.of("..", "docs", "spark.md");

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
  void theFunctionIsRegisteredWithItsClassAndType() throws Exception {
    String page = Files.readString(PAGE);
    for (String part : List.of(ClassifyUdf.NAME, ClassifyUdf.class.getName(), ClassifyUdf.TYPE)) {
      assertTrue(page.contains('"' + part + '"'), part);
    }
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
