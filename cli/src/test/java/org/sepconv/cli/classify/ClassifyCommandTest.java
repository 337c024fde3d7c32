package org.sepconv.cli.classify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cli.Ran;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClassifyCommandTest {
  private static final int PICTURES = 5;

  @TempDir private Path folder;
  private Path pictures;

  @BeforeEach
  void draw() throws IOException {
    pictures = Files.createDirectory(folder.resolve("pictures"));
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage image = new BufferedImage(60 + i, 50, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(Color.getHSBColor(i / (float) PICTURES, 1, 1));
      graphics.fillRect(5 * i, 3 * i, 30, 20);
      graphics.dispose();
      ImageIO.write(image, "png", pictures.resolve("p" + i + ".png").toFile());
    }
    Files.writeString(pictures.resolve("notes.txt"), "no picture");
  }

  private Ran classify(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("classify", "mobilenet_v3_small", "--size=32", "--width=0.25", "-breference"));
    arguments.addAll(List.of(more));
    return Ran.sepconv(arguments.toArray(String[]::new));
  }

  private List<JsonNode> answers(String... more) {
    List<JsonNode> answers = new ArrayList<>();
    classify(more).json().get("answers").forEach(answers::add);
    return answers;
  }

  @Test
  void everyPictureOfAFolderIsALineInTheOrderOfNames() {
    Ran ran = classify(pictures.toString(), "--top=2").expectStatus(0);
    List<String> lines = ran.out().lines().toList();
    for (int i = 0; i < PICTURES; i++) {
      assertTrue(
          lines.get(i).matches(".*p" + i + "\\.png  \\[\\d+] 0\\.\\d+, \\[\\d+] 0\\.\\d+"),
          lines.get(i));
    }
    ran.expectOut("5 of 5 pictures on reference in ", " a second; prepared in ")
        .expectOut("a picture: decoding, resizing and normalising ", " ms, the network ");
  }

  /** The last batch is not full. */
  @Test
  void batchesChangeNothing() {
    List<JsonNode> one = answers(pictures.toString(), "--json=-");
    List<JsonNode> two = answers(pictures.toString(), "--json=-", "--batch=2");
    assertEquals(PICTURES, one.size());
    for (int i = 0; i < PICTURES; i++) {
      assertEquals(one.get(i).get("picture"), two.get(i).get("picture"));
      assertEquals(one.get(i).at("/classes/0/index"), two.get(i).at("/classes/0/index"));
      assertEquals(
          one.get(i).at("/classes/0/share").asDouble(),
          two.get(i).at("/classes/0/share").asDouble(),
          1e-6);
    }
  }

  @Test
  void aBrokenPictureIsALineAndNotTheEnd() throws IOException {
    Files.writeString(pictures.resolve("p2.png"), "broken");
    Path csv = folder.resolve("answers.csv");
    Path lines = folder.resolve("answers.jsonl");
    classify(pictures.toString(), "--batch=2", "--output=" + csv)
        .expectStatus(1)
        .expectOut("p2.png  not classified: ", "p4.png  [", "4 of 5 pictures");
    List<String> rows = Files.readAllLines(csv);
    assertEquals(PICTURES + 1, rows.size());
    assertTrue(rows.getFirst().startsWith("picture,error,class_1,share_1,"), rows.getFirst());
    assertTrue(rows.get(3).contains("p2.png,\""), rows.get(3));
    classify(pictures.toString(), "--output=" + lines).expectStatus(1);
    List<String> documents = Files.readAllLines(lines);
    assertEquals(PICTURES, documents.size());
    JsonNode broken = new JsonMapper().readTree(documents.get(2));
    assertFalse(broken.get("error").isNull());
    assertEquals(0, broken.get("classes").size());
  }

  @Test
  void labelsAreNamedAndCounted() throws IOException {
    String first = pictures.resolve("p0.png").toString();
    Path labels =
        Files.write(
            folder.resolve("labels.txt"),
            IntStream.range(0, 1000).mapToObj(i -> "thing " + i).toList());
    classify(first, "--labels=" + labels, "--top=1").expectStatus(0).expectOut("p0.png  thing ");
    Files.write(labels, List.of("cat", "dog"));
    classify(first, "--labels=" + labels)
        .expectStatus(2)
        .expectErrorLine("there are 2 labels for the 1000 classes that the network gives");
  }

  @Test
  void wrongUsageSaysTheWayOut() throws IOException {
    String first = pictures.resolve("p0.png").toString();
    classify(first, "--preset=resnet")
        .expectStatus(2)
        .expectErrorLine("there is no preset 'resnet'; there are: imagenet, tensorflow, text-line");
    classify(first, "--output=answers.txt").expectStatus(2).expectErrorLine(".csv or .jsonl");
    classify(first, "--top=0").expectStatus(2).expectErrorLine("--top is 0");
    classify(first, "--batch=0").expectStatus(2).expectErrorLine("--batch is 0");
    classify(Files.createDirectory(folder.resolve("empty")).toString())
        .expectStatus(2)
        .expectErrorLine("there is no picture in the folder ");
    Ran.sepconv("classify", "ds_cnn", first)
        .expectStatus(2)
        .expectErrorLine("ds_cnn takes ", "must take pictures of three colours");
    classify(folder.resolve("none.png").toString())
        .expectStatus(1)
        .expectOut("none.png  not classified: ");
  }

  @Test
  void everyPresetRuns() {
    String first = pictures.resolve("p0.png").toString();
    for (String preset : List.of("imagenet", "tensorflow", "text-line")) {
      classify(first, "--preset=" + preset).expectStatus(0);
    }
  }
}
