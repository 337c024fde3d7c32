package org.sepconv.bench.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.calibration.ProfileStore;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.conformance.file.Fuzzing;
import org.sepconv.conformance.file.PictureFiles;
import org.sepconv.files.FloatArray;
import org.sepconv.files.NpyFile;
import org.sepconv.files.NpzFile;
import org.sepconv.files.SafetensorsFile;
import org.sepconv.graph.Networks;
import org.sepconv.onnx.ModelDimension;
import org.sepconv.onnx.ModelValue;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.onnx.OnnxWriter;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;

/**
 * A kind of file that is read, with small valid ones, and how its reader says no. Files in the
 * resource folder of the same name are read too: some that a test of another module made, and what
 * was found.
 */
enum Format {
  ONNX(1024) {
    @Override
    List<byte[]> samples(Path folder) {
      Graph graph = Networks.of("ds_cnn", 49, 0.25);
      return List.of(OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 1)));
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      try {
        OnnxModel model = OnnxModel.read(Files.write(path, file));
        model.network(model.inputs().stream().map(Format::dimensions).toList());
        return "";
      } catch (OnnxException refused) {
        return refused.getMessage();
      } catch (IllegalArgumentException refused) {
        // Such inputs are not what the model takes now: the caller's fault, as always.
        return require(refused.getMessage().startsWith("the model takes"), refused);
      }
    }
  },
  SAFETENSORS(256) {
    @Override
    List<byte[]> samples(Path folder) throws IOException {
      SafetensorsFile.write(folder.resolve("sample"), arrays());
      return List.of(Files.readAllBytes(folder.resolve("sample")));
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      return refusal(() -> SafetensorsFile.read(Files.write(path, file)));
    }
  },
  NPY(256) {
    @Override
    List<byte[]> samples(Path folder) throws IOException {
      NpyFile.write(folder.resolve("sample"), arrays().get("a.weight"));
      return List.of(Files.readAllBytes(folder.resolve("sample")));
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      return refusal(() -> NpyFile.read(Files.write(path, file)));
    }
  },
  NPZ(256) {
    @Override
    List<byte[]> samples(Path folder) throws IOException {
      NpzFile.write(folder.resolve("sample"), arrays());
      return List.of(Files.readAllBytes(folder.resolve("sample")));
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      return refusal(() -> NpzFile.read(Files.write(path, file)));
    }
  },
  PICTURE(128) {
    private final PictureDecoder decoder = PictureDecoder.standard().withMaxPixels(1 << 20);

    @Override
    List<byte[]> samples(Path folder) throws IOException {
      BufferedImage colour = drawn(BufferedImage.TYPE_INT_RGB);
      List<byte[]> files = new ArrayList<>();
      for (String kind : List.of("png", "jpeg", "gif", "bmp")) {
        files.add(written(kind, colour));
      }
      files.add(PictureFiles.png(drawn(BufferedImage.TYPE_USHORT_GRAY)));
      files.add(PictureFiles.png(drawn(BufferedImage.TYPE_BYTE_INDEXED)));
      files.add(PictureFiles.png(drawn(BufferedImage.TYPE_INT_ARGB)));
      files.add(PictureFiles.tiff(colour, 3));
      byte[] exif = PictureFiles.exif(ByteOrder.BIG_ENDIAN, 6);
      files.add(PictureFiles.withExif(written("jpeg", colour), exif));
      files.add(PictureFiles.withExifChunk(PictureFiles.png(colour), exif));
      return files;
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      try {
        Picture picture = decoder.decode(file, "damaged");
        picture.rgb(picture.width() - 1, picture.height() - 1);
        return "";
      } catch (PictureException refused) {
        return refused.getMessage();
      }
    }
  },
  SHAPES(256) {
    @Override
    List<byte[]> samples(Path folder) {
      StringBuilder text = new StringBuilder("# cases\n");
      for (String name : List.of("corners", "mobilenet_v2")) {
        ShapeFile.named(name).stream()
            .limit(12)
            .map(ShapeCase::toString)
            .forEach(line -> text.append(line).append('\n'));
      }
      return List.of(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      return refusal(() -> ShapeFile.read(Files.write(path, file)));
    }
  },
  PROFILE(256) {
    @Override
    List<byte[]> samples(Path folder) {
      return List.of(); // one of the resources
    }

    @Override
    String read(byte[] file, Path path) throws IOException {
      Path folder = Files.createDirectories(path.resolveSibling("profiles"));
      Files.write(folder.resolve("a.json"), file);
      ProfileStore.Entry entry = ProfileStore.in(path.getParent()).list().getFirst();
      return require(entry.profile().isPresent() == entry.problem().isEmpty(), entry.problem());
    }
  };

  private final long mostBytes;

  Format(int mostMebibytes) {
    this.mostBytes = (long) mostMebibytes << 20;
  }

  /** Small valid files. */
  abstract List<byte[]> samples(Path folder) throws IOException;

  /**
   * @param path where the file may be put
   * @return as {@link Fuzzing.Reader#read}
   */
  abstract String read(byte[] file, Path path) throws IOException;

  /** The name of its resources. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What reading a file of this kind may allocate. */
  long mostBytes() {
    return mostBytes;
  }

  /** Something that reads a file. */
  @FunctionalInterface
  interface Call {
    Object run() throws IOException;
  }

  /** Readers of arrays and shapes refuse what is wrong, or cannot be read. */
  private static String refusal(Call call) {
    try {
      call.run();
      return "";
    } catch (IllegalArgumentException | IOException refused) {
      return String.valueOf(refused.getMessage());
    }
  }

  private static String require(boolean right, Object message) {
    if (!right) {
      throw new IllegalStateException("not as it should be refused: " + message);
    }
    return message.toString();
  }

  /** What an input takes, with 4 for what is free, but never much. */
  private static List<Integer> dimensions(ModelValue input) {
    return input.dimensions().stream()
        .map(ModelDimension::text)
        .map(text -> text.matches("\\d{1,3}") ? Integer.parseInt(text) : 4)
        .toList();
  }

  private static Map<String, FloatArray> arrays() {
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    arrays.put("a.weight", FloatArray.of("a.weight", new float[24], 2, 3, 4));
    arrays.put("a.bias", FloatArray.of("a.bias", new float[] {1, 2}, 2));
    arrays.put("n", FloatArray.of("n", new float[] {3}, 1));
    return arrays;
  }

  private static BufferedImage drawn(int type) {
    BufferedImage image = new BufferedImage(23, 17, type);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, (255 - x) << 24 | 10 * x << 16 | 15 * y << 8 | x * y % 256);
      }
    }
    return image;
  }

  private static byte[] written(String kind, BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, kind, bytes);
    return bytes.toByteArray();
  }
}
