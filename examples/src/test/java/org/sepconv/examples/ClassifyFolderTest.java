package org.sepconv.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.onnx.OnnxWriter;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.Model;
import org.sepconv.vision.Classes;
import org.sepconv.vision.Framing;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.Preprocessing;

class ClassifyFolderTest {
  private static final int SIZE = 32;
  private static final int BATCH = 4;
  private static final int PICTURES = 11;
  private static final int CLASSES = 12;
  private static final Graph NETWORK =
      Graph.builder("small")
          .input("pictures", Shape.of(3, SIZE, SIZE))
          .add("stem", Conv2d.of(3, 16).kernel(3).stride(2).activation(Activation.RELU).build())
          .add("pool", Reduce.globalAveragePool())
          .add("classes", Conv2d.pointwise(16, CLASSES).build())
          .build();
  private static final GraphWeights WEIGHTS = (GraphWeights) Weights.random(NETWORK, 3);

  @TempDir private Path folder;
  private Path model;
  private Path photos;

  @BeforeEach
  void draw() throws IOException {
    model = folder.resolve("model.onnx");
    Shape shape = new Shape(BATCH, 3, SIZE, SIZE);
    OnnxWriter.write(Problem.of(NETWORK, List.of(TensorSpec.nchw(shape))), WEIGHTS, model);
    photos = Files.createDirectory(folder.resolve("photos"));
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage image = new BufferedImage(90, 70, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(Color.getHSBColor(i / (float) PICTURES, 1, 1));
      graphics.fillRect(0, 0, 90, 70);
      graphics.setColor(Color.WHITE);
      graphics.fillOval(5 * i, 10, 40, 50);
      graphics.dispose();
      ImageIO.write(image, "png", photos.resolve("p%02d.png".formatted(i)).toFile());
    }
  }

  /** What one picture alone gives. */
  private static Classes.Guess alone(InferenceSession session, Path picture) throws IOException {
    Preprocessing preprocessing =
        Preprocessing.imagenet()
            .withFraming(new Framing.CentreCrop((int) Math.round(SIZE * 256.0 / 224), SIZE, SIZE));
    float[] values = preprocessing.tensor(PictureDecoder.standard().decode(picture)).values();
    float[] outputs = session.run(List.of(Shape.of(3, SIZE, SIZE)), values).getFirst().values();
    return new Classes(List.of(), 1).best(outputs).getFirst();
  }

  private record Printed(List<String> out, String err) {}

  private Printed run(String... more) throws Exception {
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      List<String> arguments = new ArrayList<>(List.of(model.toString(), photos.toString()));
      arguments.addAll(List.of(more));
      ClassifyFolder.main(arguments.toArray(String[]::new));
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
    return new Printed(
        out.toString(StandardCharsets.UTF_8).lines().toList(),
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void eachPictureGetsWhatItGetsAloneInTheOrderOfNames() throws Exception {
    List<String> due = new ArrayList<>();
    try (Backends backends = Backends.discover();
        InferenceSession session =
            new InferenceSession(backends.backend("cpu"), Model.of(NETWORK, WEIGHTS))) {
      for (int i = 0; i < PICTURES; i++) {
        String name = "p%02d.png".formatted(i);
        Classes.Guess best = alone(session, photos.resolve(name));
        due.add(String.format(Locale.ROOT, "%s,[%d],%.4f,", name, best.index(), best.share()));
      }
    }
    assertTrue(due.stream().map(line -> line.substring(7)).distinct().count() > 5, due::toString);
    Printed printed = run();
    assertEquals("picture,class,share,error", printed.out.getFirst());
    assertEquals(due, printed.out.subList(1, printed.out.size()));
    assertTrue(printed.err.matches("11 pictures in .* s; not read: 0\n"), printed.err);
  }

  @Test
  void whatIsNoPictureIsNamedAndTheOthersGoOn() throws Exception {
    List<String> before = run().out;
    // As many as a batch: one that has no picture at all is among them.
    for (String name : List.of("a, \"b\".txt", "a.txt", "b.txt", "c.txt", "p05x.png")) {
      Files.writeString(photos.resolve(name), "no picture");
    }
    Printed printed = run();
    List<String> broken =
        printed.out.stream().skip(1).filter(line -> !before.contains(line)).toList();
    assertEquals(before, printed.out.stream().filter(line -> !broken.contains(line)).toList());
    assertEquals(5, broken.size(), broken::toString);
    String error = "photos/a.txt is not";
    assertTrue(printed.out.get(2).startsWith("a.txt,,,"), printed.out::toString);
    assertTrue(printed.out.get(2).contains(error), printed.out::toString);
    assertTrue(printed.out.get(1).startsWith("\"a, \"\"b\"\".txt\",,,\""), printed.out::toString);
    assertTrue(printed.err.startsWith("11 pictures in "), printed.err);
    assertTrue(printed.err.endsWith("; not read: 5\n"), printed.err);
  }

  @Test
  void classesHaveTheirLabels() throws Exception {
    Path labels = folder.resolve("labels.txt");
    Files.write(labels, IntStream.range(0, CLASSES).mapToObj(i -> "label " + i).toList());
    List<String> lines = run(labels.toString()).out;
    List<String> numbers = run().out;
    for (int i = 1; i <= PICTURES; i++) {
      assertEquals(numbers.get(i).replace("[", "label ").replace("]", ""), lines.get(i));
    }
    Files.write(labels, List.of("cat", "dog"));
    Exception refused = assertThrows(IllegalStateException.class, () -> run(labels.toString()));
    assertEquals(
        "there are 2 labels for the 12 classes that the network gives",
        refused.getCause().getMessage());
  }
}
