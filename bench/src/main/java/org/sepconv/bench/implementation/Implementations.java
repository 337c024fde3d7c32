package org.sepconv.bench.implementation;

import java.util.List;

/** Everything that can be measured, by its name. */
public final class Implementations {

  /** What a user calls the peer that is our own backend of PyTorch. */
  private static final String PYTORCH = "pytorch";

  private static final String PYTORCH_BACKEND = "djl";

  private Implementations() {}

  /** The engines that backends are compared with. */
  public static List<String> peers() {
    return List.of(OnnxRuntime.NAME, OneDnn.NAME, PYTORCH);
  }

  /**
   * A peer.
   *
   * @throws IllegalArgumentException if there is none of this name, listing those there are
   */
  public static Implementation peer(String name) {
    return switch (name) {
      case OnnxRuntime.NAME -> new OnnxRuntime();
      case OneDnn.NAME -> new OneDnn();
      case PYTORCH -> BackendImplementation.parse(PYTORCH_BACKEND).asPeer();
      default ->
          throw new IllegalArgumentException(
              "there is no peer '%s'; there are: %s".formatted(name, String.join(", ", peers())));
    };
  }

  /**
   * A peer or a backend.
   *
   * @param name as {@link Implementation#name} prints it
   * @throws IllegalArgumentException if it is neither
   */
  public static Implementation named(String name) {
    return switch (name) {
      case OnnxRuntime.NAME, OneDnn.NAME -> peer(name);
      default -> BackendImplementation.parse(name);
    };
  }
}
