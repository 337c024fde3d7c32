package org.sepconv.cli.picture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cli.apply.AppliedConvolution;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import org.sepconv.vision.filter.ColourMatrix;
import org.sepconv.vision.filter.ColourPlanes;
import org.sepconv.vision.filter.FilterKernel;
import org.sepconv.vision.filter.PictureFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code sepconv filter}: a picture through a separable convolution. */
@Command(
    name = "filter",
    description = {
      "Filter a picture with a real separable convolution: a K x K kernel on red, "
          + "green and blue, then a 1 x 1 colour matrix.",
      "",
      "Reads PNG, JPEG, GIF, BMP and TIFF; grey, palette, 16-bit and CMYK (JPEG) pictures "
          + "become 8-bit RGB. Alpha is kept. Pictures whose EXIF orientation says so are "
          + "turned upright. At the borders the nearest pixel is repeated, so nothing darkens "
          + "there. Results are rounded and clamped to 0..255.",
      ""
    },
    footer = {
      "Kernels: blur is the mean of K x K pixels; gaussian has sigma = 0.3 ((K - 1) / 2 - 1) + 0.8; "
          + "sobel-x and sobel-y show the absolute value of the change, as strong at every K as the plain 3 x 3 kernel; "
          + "sharpen and emboss exist at 3 x 3 only.",
      "",
      "Example:  sepconv filter photo.jpg edges.png --depthwise sobel-x \\",
      "            --pointwise luma"
    })
public final class FilterCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "IN", description = "The picture to read.")
  private Path input;

  @Parameters(
      index = "1",
      paramLabel = "OUT",
      description = "The picture to write: a name that ends in .png, .jpg or .jpeg.")
  private Path target;

  @Option(
      names = "--depthwise",
      paramLabel = "KERNEL",
      converter = Kernels.class,
      defaultValue = "identity",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private FilterKernel depthwise;

  @Option(
      names = "--pointwise",
      paramLabel = "MATRIX",
      converter = Matrices.class,
      defaultValue = "identity",
      description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ColourMatrix pointwise;

  @Option(
      names = "--size",
      paramLabel = "K",
      defaultValue = "3",
      description = "Rows and columns of the kernel: odd, 3 to 31 (default: ${DEFAULT-VALUE}).")
  private int size;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private SelectionMixin selection;
  @Mixin private OutputMixin output;

  private static final class Kernels implements ITypeConverter<FilterKernel> {
    @Override
    public FilterKernel convert(String name) {
      return parsed(name, FilterKernel::parse);
    }
  }

  private static final class Matrices implements ITypeConverter<ColourMatrix> {
    @Override
    public ColourMatrix convert(String name) {
      return parsed(name, ColourMatrix::parse);
    }
  }

  private static <E> E parsed(String name, Function<String, E> parser) {
    try {
      return parser.apply(name);
    } catch (IllegalArgumentException unknown) {
      throw new TypeConversionException(unknown.getMessage());
    }
  }

  /** The JSON document. */
  record Document(
      String input,
      String output,
      int width,
      int height,
      String depthwise,
      int size,
      String pointwise,
      String device,
      String kernel,
      double prepareMilliseconds,
      double runMilliseconds) {}

  @Override
  public Integer call() throws IOException {
    PictureFilter filter = new PictureFilter(depthwise, size, pointwise);
    PictureFile.checkTarget(target);
    ColourPlanes picture =
        PictureFile.read(
            input, filter.border(), warning -> output.err().println("warning: " + warning));
    try (Backends backends = backendOptions.discover()) {
      AppliedConvolution applied = apply(filter, picture, backends);
      PictureFile.write(target, picture.withPlanes(applied.values()));
      output
          .text()
          .printf(
              "%s: %dx%d pixels, %s, %s%n",
              target, picture.width(), picture.height(), filter, applied);
      output.text().flush();
      output.json(document(picture, applied));
    }
    return ExitStatus.OK;
  }

  private AppliedConvolution apply(PictureFilter filter, ColourPlanes picture, Backends backends) {
    int border = filter.border();
    TensorSpec source =
        TensorSpec.nchw(
            Shape.of(
                ColourPlanes.COLOURS, picture.height() + 2 * border, picture.width() + 2 * border));
    Problem problem = Problem.of(filter.convolution(), source);
    ConvBackend backend = backendOptions.choose(backends, problem, selection);
    return AppliedConvolution.run(backend, problem, filter.weights(), picture.replicated(border));
  }

  private Document document(ColourPlanes picture, AppliedConvolution applied) {
    return new Document(
        input.toString(),
        target.toString(),
        picture.width(),
        picture.height(),
        depthwise.toString(),
        size,
        pointwise.toString(),
        applied.device(),
        applied.kernel(),
        applied.prepareMilliseconds(),
        applied.runMilliseconds());
  }
}
