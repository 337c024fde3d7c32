package org.sepconv.cli.frame;

import java.util.Optional;
import org.sepconv.Graph;
import org.sepconv.graph.Networks;
import picocli.CommandLine.Option;

/** {@code --size} and {@code --width}: which variant of a ready-made network is meant. */
public final class NetworkOptionsMixin {

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description =
          "Height and width of the network's input, or the frames of ds_cnn (default: as published,"
              + " 224 for most).")
  private Optional<Integer> size = Optional.empty();

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      defaultValue = "1.0",
      description = "Multiplier of the network's channels (default: ${DEFAULT-VALUE}).")
  private double width;

  /** The multiplier of the channels. */
  public double width() {
    return width;
  }

  /**
   * The network of this name.
   *
   * @throws IllegalArgumentException if there is none, or it refuses the size or the width
   */
  public Graph network(String name) {
    return Networks.of(name, size.orElseGet(() -> Networks.usualSize(name)), width);
  }
}
