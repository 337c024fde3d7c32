package org.sepconv.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.filter.ColourMatrix;
import org.sepconv.vision.filter.ColourPlanes;
import org.sepconv.vision.filter.FilterKernel;
import org.sepconv.vision.filter.PictureFilter;

/** Pictures in, pictures out, with tasks in this JVM. */
class SepconvFilterTest {
  private static final int COUNT = 9;

  private static SparkSession spark;
  @TempDir private static Path pictures;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    spark = Sessions.local();
    Pictures.write(pictures, COUNT);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Dataset<Row> files(Path where) {
    return Rows.files(spark, where);
  }

  private static BufferedImage image(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }

  /** On one machine, without Spark. */
  private static int[] expected(PictureFilter filter, byte[] png) throws IOException {
    ColourPlanes picture = ColourPlanes.of(image(png));
    int border = 2 * filter.border();
    Shape source = Shape.of(3, picture.height() + border, picture.width() + border);
    Problem problem = Problem.of(filter.convolution(), TensorSpec.nchw(source));
    try (Backends backends = Backends.discover(BackendOptions.defaults().withThreads(1));
        Prepared prepared = backends.backend("cpu").prepare(problem, filter.weights());
        OwningRun run =
            OwningRun.of(prepared, new float[][] {picture.replicated(filter.border())})) {
      run.run();
      return pixels(picture.withPlanes(run.outputs().getFirst().read()).toImage());
    }
  }

  /** Each picture is of another size. */
  @Test
  void picturesAreThoseOfOneMachine() throws Exception {
    SepconvFilter blur = new SepconvFilter().setDepthwise("blur").setSize(5).setPointwise("luma");
    List<Row> rows = Rows.inOrder(blur.transform(files(pictures)));
    assertEquals(COUNT, rows.size());
    PictureFilter filter = new PictureFilter(FilterKernel.BLUR, 5, ColourMatrix.LUMA);
    for (int i = 0; i < COUNT; i++) {
      assertNull(rows.get(i).getAs("error"));
      byte[] png = rows.get(i).getAs("filtered");
      assertArrayEquals(expected(filter, Pictures.png(i)), pixels(image(png)), "picture " + i);
    }
    JobMetrics metrics = blur.metrics().orElseThrow();
    assertEquals(COUNT, metrics.run());
    assertEquals(1, metrics.prepared());
  }

  @Test
  void alphaIsKeptAndABrokenPictureIsARow() throws Exception {
    BufferedImage image = new BufferedImage(20, 10, BufferedImage.TYPE_INT_ARGB);
    Random random = new Random(1);
    for (int y = 0; y < 10; y++) {
      for (int x = 0; x < 20; x++) {
        image.setRGB(x, y, random.nextInt());
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    Files.write(folder.resolve("a.png"), out.toByteArray());
    Files.writeString(folder.resolve("b.png"), "no picture");
    SepconvFilter invert = new SepconvFilter().setPointwise("invert");
    List<Row> rows = Rows.inOrder(invert.transform(files(folder)));
    int[] filtered = pixels(image(rows.get(0).getAs("filtered")));
    int[] source = pixels(image);
    for (int i = 0; i < source.length; i++) {
      assertEquals(source[i] ^ 0xFFFFFF, filtered[i]);
    }
    assertNull(rows.get(1).getAs("filtered"));
    assertTrue(rows.get(1).<String>getAs("error").contains("b.png"), rows.get(1)::toString);
    assertEquals(1, invert.metrics().orElseThrow().failed());
  }

  @Test
  void pixelsOfTheImageSourceAreFilteredToo() throws Exception {
    Dataset<Row> images = spark.read().format("image").load(pictures.toString());
    SepconvFilter swap = new SepconvFilter().setInputCol("image").setPointwise("swap");
    List<Row> rows =
        swap.transform(images).selectExpr("image.origin as path", "filtered").collectAsList();
    assertEquals(COUNT, rows.size());
    PictureFilter filter = new PictureFilter(FilterKernel.IDENTITY, 3, ColourMatrix.SWAP);
    for (Row row : rows) {
      int n = Integer.parseInt(row.getString(0).replaceAll(".*p(\\d+)\\.png", "$1"));
      assertArrayEquals(expected(filter, Pictures.png(n)), pixels(image(row.getAs("filtered"))));
    }
  }

  @Test
  void aSavedOneIsAsItWasAlsoInAPipeline() throws Exception {
    SepconvFilter filter =
        new SepconvFilter().setDepthwise("sobel-x").setSize(7).setOutputCol("edges").setThreads(2);
    filter.write().save(folder.resolve("filter").toString());
    SepconvFilter loaded = SepconvFilter.load(folder.resolve("filter").toString());
    assertEquals(filter.uid(), loaded.uid());
    assertEquals(filter.filter(), loaded.filter());
    PipelineModel pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  filter, new SepconvFilter().setInputCol("edges").setErrorCol("second")
                })
            .fit(files(pictures));
    pipeline.write().save(folder.resolve("pipeline").toString());
    List<Row> rows =
        Rows.inOrder(
            PipelineModel.load(folder.resolve("pipeline").toString()).transform(files(pictures)));
    PictureFilter edges = new PictureFilter(FilterKernel.SOBEL_X, 7, ColourMatrix.IDENTITY);
    for (int i = 0; i < COUNT; i++) {
      assertArrayEquals(
          expected(edges, Pictures.png(i)), pixels(image(rows.get(i).getAs("filtered"))));
    }
  }

  @Test
  void whatCannotBeIsSaidBeforeAJobStarts() {
    Dataset<Row> files = files(pictures);
    refused("'blurr' is not a kernel", new SepconvFilter().setDepthwise("blurr"), files);
    refused("'grey' is not a colour matrix", new SepconvFilter().setPointwise("grey"), files);
    refused("size is 4, but must be odd", new SepconvFilter().setSize(4), files);
    refused("exists only at 3x3", new SepconvFilter().setDepthwise("emboss").setSize(5), files);
    refused("threads is 0", new SepconvFilter().setThreads(0), files);
    refused("inputCol is 'pictures'", new SepconvFilter().setInputCol("pictures"), files);
    refused("one called 'path' already", new SepconvFilter().setOutputCol("path"), files);
    assertEquals(
        DataTypes.BinaryType,
        new SepconvFilter().transformSchema(files.schema()).apply("filtered").dataType());
  }

  private static void refused(String reason, SepconvFilter filter, Dataset<Row> files) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> filter.transform(files)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
