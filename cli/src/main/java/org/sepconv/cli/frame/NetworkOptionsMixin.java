package org.sepconv.cli.frame;

import org.sepconv.Graph;
import org.sepconv.graph.Networks;
import picocli.CommandLine.Option;

/** {@code --size} and {@code --width}: which variant of a ready-made network is meant. */
public final class NetworkOptionsMixin {

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Height and width of the network's input (default: ${DEFAULT-VALUE}).")
  private int size;

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
    return Networks.of(name, size, width);
  }
}
