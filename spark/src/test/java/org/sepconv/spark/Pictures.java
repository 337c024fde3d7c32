package org.sepconv.spark;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.graph.MobileNet;
import org.sepconv.onnx.OnnxWriter;

/** Pictures and networks for tests. */
final class Pictures {
  /** PP-OCR's: which way up a line of text is. */
  static final String ORIENTATION_SIZE = "48x192";

  private Pictures() {}

  static byte[] orientation() throws IOException {
    try (InputStream in =
        Pictures.class.getResourceAsStream("/models/ch_ppocr_mobile_v2.0_cls_infer.onnx")) {
      return in.readAllBytes();
    }
  }

  /** A drawn picture as a PNG file, the same one for a number. */
  static byte[] png(int n) throws IOException {
    Random random = new Random(n);
    BufferedImage image =
        new BufferedImage(
            120 + random.nextInt(120), 40 + random.nextInt(20), BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 20; i++) {
      graphics.setColor(new Color(random.nextInt(0x1000000)));
      graphics.fillOval(
          random.nextInt(200), random.nextInt(50), random.nextInt(60), random.nextInt(30));
    }
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  /** The first ones. */
  static List<byte[]> pngs(int count) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(png(i));
    }
    return all;
  }

  /** {@code p000.png} and so on. */
  static void write(Path folder, int count) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve("p%03d.png".formatted(i)), png(i));
    }
  }

  /** MobileNetV2 with seeded weights. */
  static byte[] mobileNet() {
    Graph graph = MobileNet.v2(64, 0.5);
    return OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 20261129));
  }

  /** One that is prepared in no time. */
  static byte[] small() {
    Graph graph = MobileNet.v2(32, 0.25);
    return OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 7));
  }
}
