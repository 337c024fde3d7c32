package org.sepconv.bench.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of few pictures, whose answers are known. */
class ClassifyFolderTest {
  private static final String MODEL = "/models/ch_ppocr_mobile_v2.0_cls_infer.onnx";

  @TempDir private Path folder;
  private Path model;

  @BeforeAll
  static void requireFonts() {
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, 12)
          .createGlyphVector(new FontRenderContext(null, true, true), "a");
    } catch (RuntimeException | Error missing) { // the JDK has no better way of saying so
      Assumptions.abort("skipped: there is no font on this machine to draw text in");
    }
  }

  @BeforeEach
  void extract() throws IOException {
    model = folder.resolve("model.onnx");
    try (InputStream in = ClassifyFolderTest.class.getResourceAsStream(MODEL)) {
      Files.copy(in, model);
    }
  }

  @Test
  void everyPictureIsAnsweredRightByBoth() throws IOException {
    List<DrawnLines.Line> lines = DrawnLines.draw(folder, 24);
    assertEquals(12, lines.stream().filter(DrawnLines.Line::upsideDown).count());
    Map<String, ClassifyFolder.Result> results = ClassifyFolder.measure(model, lines, 1, 2);
    assertEquals(Set.of("cpu", "onnxruntime"), results.keySet());
    results.forEach(
        (engine, result) -> {
          assertEquals(0, result.wrong(), engine);
          assertEquals(2, result.rates().size(), engine);
        });
  }

  @Test
  void wrongAnswersAreCounted() throws IOException {
    DrawnLines.Line line = DrawnLines.draw(folder, 1).getFirst();
    DrawnLines.Line mistaken = new DrawnLines.Line(line.file(), !line.upsideDown());
    ClassifyFolder.measure(model, List.of(mistaken, line), 1, 1)
        .values()
        .forEach(result -> assertEquals(2, result.wrong(), "one of two, in two rounds"));
  }

  @Test
  void thePicturesAreTheSameEveryTime() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    List<DrawnLines.Line> first = DrawnLines.draw(folder, 3);
    List<DrawnLines.Line> second = DrawnLines.draw(other, 3);
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(
          Files.readAllBytes(first.get(i).file()), Files.readAllBytes(second.get(i).file()));
    }
  }
}
