package org.sepconv.bench.tool;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.sepconv.vision.Framing;
import org.sepconv.vision.Interpolation;
import org.sepconv.vision.Normalisation;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.Preprocessing;

/**
 * What a picture costs before a network sees it: decoding a JPEG, and turning it into a tensor,
 * with PIL's antialiasing and without, beside the usual loop over a scaled {@code BufferedImage}.
 * One thread.
 *
 * <pre>
 *   java -cp 'cli/target/lib/*' org.openjdk.jmh.Main PictureBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsPrepend = "-Xmx1g")
public class PictureBenchmark {
  private static final int SIDE = 224;
  private static final Preprocessing ANTIALIASED =
      Preprocessing.of(new Framing.Stretch(SIDE, SIDE))
          .withNormalisation(Normalisation.imagenet())
          .withThreads(1);
  private static final Preprocessing PLAIN = ANTIALIASED.withInterpolation(Interpolation.BILINEAR);

  /** Of a web page, of a screen, of a camera. */
  @Param({"640x480", "1600x1200", "4000x3000"})
  public String size;

  private byte[] file;
  private Picture picture;
  private BufferedImage image;

  /** Draws the picture; all ways of making a tensor must agree about it, but for antialiasing. */
  @Setup
  public void setup() throws IOException {
    int width = Integer.parseInt(size.substring(0, size.indexOf('x')));
    int height = Integer.parseInt(size.substring(size.indexOf('x') + 1));
    file = drawn(width, height);
    picture = decode();
    image = decodeByImageIo();
    float[] expected = loop();
    for (float[] values : new float[][] {plain(), antialiased()}) {
      double difference = 0;
      for (int i = 0; i < values.length; i++) {
        difference += Math.abs(values[i] - expected[i]) / values.length;
      }
      if (difference > 0.15 || Arrays.equals(values, new float[values.length])) {
        throw new IllegalStateException(
            "the tensors differ by %f on average".formatted(difference));
      }
    }
  }

  private static byte[] drawn(int width, int height) throws IOException {
    BufferedImage drawing = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = drawing.createGraphics();
    Random random = new Random(1);
    for (int i = 0; i < 400; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fill(
          new Ellipse2D.Double(
              random.nextInt(width),
              random.nextInt(height),
              random.nextInt(width / 6),
              random.nextInt(height / 6)));
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(drawing, "jpeg", bytes);
    return bytes.toByteArray();
  }

  /** A JPEG, upright, with all that is checked. */
  @Benchmark
  public Picture decode() throws IOException {
    return PictureDecoder.standard().decode(file, "drawn.jpg");
  }

  /** The JDK's own way to the same pixels. */
  @Benchmark
  public BufferedImage decodeByImageIo() throws IOException {
    return ImageIO.read(new ByteArrayInputStream(file));
  }

  /** PIL's bilinear resizing, normalised. */
  @Benchmark
  public float[] antialiased() {
    return ANTIALIASED.tensor(picture).values();
  }

  /** Four pixels for each. */
  @Benchmark
  public float[] plain() {
    return PLAIN.tensor(picture).values();
  }

  /** The same by {@code Graphics2D} and {@code getRGB}. */
  @Benchmark
  public float[] loop() {
    BufferedImage scaled = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, SIDE, SIDE, null);
    graphics.dispose();
    float[] values = new float[3 * SIDE * SIDE];
    Normalisation normalisation = ANTIALIASED.normalisation();
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        int rgb = scaled.getRGB(x, y);
        for (int c = 0; c < 3; c++) {
          values[(c * SIDE + y) * SIDE + x] = normalisation.value(rgb >> 16 - 8 * c & 0xFF, c);
        }
      }
    }
    return values;
  }
}
