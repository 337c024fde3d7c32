package org.sepconv.examples.guide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.examples.guide.Page.Block;
import org.sepconv.graph.Networks;
import org.sepconv.onnx.OnnxWriter;

/**
 * Java on the pages is true: a program is compiled and run, and prints what stands below it, with
 * {@code ...} for anything; other blocks are in a source file, line by line, or at least compile
 * within {@link Wrapper}.
 */
class JavaBlocksTest {
  private static final Pattern PROGRAM =
      Pattern.compile("^public (?:final )?class (\\w+) ", Pattern.MULTILINE);

  private static Sources sources;

  @TempDir Path folder;

  @BeforeAll
  static void readSources() throws IOException {
    sources = Sources.read();
  }

  @TestFactory
  Stream<DynamicTest> everyBlock() throws IOException {
    return Page.blocks("java").stream()
        .map(block -> DynamicTest.dynamicTest(block.toString(), () -> check(block)));
  }

  private void check(Block block) throws Exception {
    Matcher program = PROGRAM.matcher(block.text());
    if (!block.text().startsWith("import ") || !program.find()) {
      if (!sources.contain(block.text())) {
        Compiled.of("Piece", Wrapper.around(block.text()), Files.createTempDirectory(folder, "c"));
      }
      return;
    }
    String name = program.group(1);
    String printed =
        Compiled.of(name, block.text(), Files.createTempDirectory(folder, "c"))
            .run(arguments(name));
    String shown = block.output().isEmpty() ? printedBy(name) : block.output();
    assertTrue(matches(shown, printed), () -> "it prints\n" + printed + "and not\n" + shown);
  }

  /** Whether a program prints what a page shows. */
  private static boolean matches(String shown, String printed) {
    String expected =
        String.join(".*", Stream.of(shown.split("\\.\\.\\.", -1)).map(Pattern::quote).toList());
    return Pattern.compile(expected, Pattern.DOTALL).matcher(printed).matches();
  }

  private String[] arguments(String name) throws IOException {
    return switch (name) {
      case "Classify" -> new String[] {model(), picture()};
      case "Prepare" -> new String[] {picture(), text()};
      case "Letterbox" -> new String[] {picture()};
      case "Find" -> new String[] {picture(), folder.resolve("found.png").toString()};
      default -> new String[0];
    };
  }

  /** Of programs whose pages do not show it. */
  private String printedBy(String name) {
    return switch (name) {
      case "Example" -> "8.41 times fewer MACs...\n...\nNHWC 1x128x28x28: 100352 values\n";
      case "Classify" -> "class ...\n";
      case "Prepare" ->
          "picture of 400x200 becomes NCHW 1x3x224x224\nrefused: "
              + folder.resolve("text.png")
              + " is not a picture that can be read: PNG, JPEG, GIF, BMP or TIFF\n";
      case "Letterbox" -> "NHWC 1x3x128x128, its middle is 200.0, 100.0\n";
      case "Find" -> "a part of picture of 12..., score ...\n";
      default -> throw new AssertionError("the page does not show what " + name + " prints");
    };
  }

  private String model() throws IOException {
    Graph network = Networks.of("mobilenet_v3_small", 224, 0.25);
    Path model = folder.resolve("model.onnx");
    OnnxWriter.write(network.problem(), Weights.random(network, 1), model);
    return model.toString();
  }

  /** A bright rectangle on black. */
  private String picture() throws IOException {
    BufferedImage image = new BufferedImage(400, 200, BufferedImage.TYPE_INT_RGB);
    for (int y = 50; y < 110; y++) {
      for (int x = 100; x < 220; x++) {
        image.setRGB(x, y, 0xFFFFFF);
      }
    }
    Path picture = folder.resolve("picture.png");
    ImageIO.write(image, "png", picture.toFile());
    return picture.toString();
  }

  private String text() throws IOException {
    return Files.writeString(folder.resolve("text.png"), "no picture").toString();
  }

  @Test
  void aBrokenBlockIsNoticed() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Block block : Page.blocks("java")) {
      String text = block.text().replaceFirst("\\(", "((");
      Block changed = new Block(block.page(), block.line(), "java", text, block.output());
      assertThrows(AssertionError.class, () -> check(changed), text);
      broken.add(changed.toString());
    }
    assertTrue(broken.size() > 20, broken::toString);
  }

  @Test
  void anotherOutputIsNoticed() {
    String program =
        """
        import java.util.List;
        public class Printing {
          public static void main(String[] args) {
            System.out.println(List.of(1, 2, 3));
          }
        }
        """;
    Path page = Path.of("docs/page.md");
    assertThrows(
        AssertionError.class, () -> check(new Block(page, 1, "java", program, "[1, 3]\n")));
    assertThrows(AssertionError.class, () -> check(new Block(page, 1, "java", program, "")));
    assertEquals(true, matches("[1, ...]\n", "[1, 2, 3]\n"));
  }
}
