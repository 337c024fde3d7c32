package org.sepconv.spi;

import java.util.Objects;
import java.util.Optional;
import org.sepconv.Problem;

/**
 * Something that a run does on its own, and that can be timed on its own: a node of a graph, a
 * stage of a separable convolution that is not fused, or all of a {@link Prepared}.
 *
 * @param name of the node; of a stage within it, behind a dot; empty for all of it
 * @param problem what it computes
 * @param kernel what runs
 * @param onHost why it runs on the host and not on the device; empty where the device runs it
 */
public record Part(String name, Problem problem, String kernel, Optional<String> onHost) {
  public Part {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(problem, "problem");
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(onHost, "onHost");
  }

  /** The same as a part of {@code whole}. */
  Part within(String whole) {
    return new Part(name.isEmpty() ? whole : whole + "." + name, problem, kernel, onHost);
  }
}
