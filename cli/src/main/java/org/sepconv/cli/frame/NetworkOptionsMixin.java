package org.sepconv.cli.frame;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.OnnxFile;
import org.sepconv.cli.model.ReadyMade;
import picocli.CommandLine.Option;

/** Which variant of a network is meant: its size, its width, its weights. */
public final class NetworkOptionsMixin {
  private static final String ONNX = ".onnx";

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description =
          "Height and width of the network's input, or the frames of ds_cnn (default: as published,"
              + " 224 for most); of a model in ONNX, what its file leaves free.")
  private Optional<Integer> size = Optional.empty();

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      description = "Multiplier of a ready-made network's channels (default: 1.0).")
  private Optional<Double> width = Optional.empty();

  @Option(
      names = "--shape",
      paramLabel = "NxCxHxW",
      description = "All sizes of an input of a model in ONNX; several times for several inputs.")
  private List<String> shapes = new ArrayList<>();

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Weights of a ready-made network, .safetensors or .npz, with torchvision's names (default:"
              + " random).")
  private Optional<Path> weights = Optional.empty();

  /**
   * The network of this name.
   *
   * @param name a ready-made network, or the path of a model
   * @param seed of random weights
   * @throws IllegalArgumentException if there is none, it refuses an option, or an option would be
   *     ignored
   * @throws IOException if a file cannot be read
   */
  public Model model(String name, long seed) throws IOException {
    if (isFile(name)) {
      refuse("--width", width, "a model in ONNX has the width that it has");
      refuse("--weights", weights, "a model in ONNX brings its weights along");
      return OnnxFile.read(
          Path.of(name), size, shapes.stream().map(NetworkOptionsMixin::dimensions).toList());
    }
    if (!shapes.isEmpty()) {
      throw new IllegalArgumentException(
          "--shape is for a model in ONNX; of %s, --size says height and width".formatted(name));
    }
    return ReadyMade.of(name, size, width.orElse(1.0), weights, seed);
  }

  private static boolean isFile(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(ONNX);
  }

  private static void refuse(String option, Optional<?> value, String reason) {
    if (value.isPresent()) {
      throw new IllegalArgumentException(
          "%s %s is given, but %s".formatted(option, value.get(), reason));
    }
  }

  private static List<Integer> dimensions(String text) {
    try {
      List<Integer> dimensions = Arrays.stream(text.split("x", -1)).map(Integer::valueOf).toList();
      if (dimensions.stream().allMatch(size -> size > 0)) {
        return dimensions;
      }
    } catch (NumberFormatException _) {
      // Falls through to the one message that says what is expected.
    }
    throw new IllegalArgumentException(
        "--shape is '%s', but must be positive sizes with x between them, for instance 1x3x224x224"
            .formatted(text));
  }
}
