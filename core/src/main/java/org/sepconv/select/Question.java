package org.sepconv.select;

import java.util.Optional;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.spi.ConvBackend;

/**
 * What is asked of every device.
 *
 * @param holder the device that has the data, if one has
 * @param fromHost whether the host has it
 */
record Question(Problem problem, Optional<ConvBackend> holder, boolean fromHost) {

  /** The device from which, and to which, the data must be moved to run on {@code backend}. */
  Optional<ConvBackend> otherHolder(ConvBackend backend) {
    return holder.filter(other -> other != backend);
  }

  /** Whether the data passes through the host to run on {@code backend}. */
  boolean moves(ConvBackend backend) {
    return fromHost || otherHolder(backend).isPresent();
  }

  @Override
  public String toString() {
    return "%s%s\ndata: %s"
        .formatted(
            problem,
            problem.operation() instanceof Graph graph ? "\n" + graph.nodes() : "",
            fromHost ? "host" : holder.map(at -> at.device().id()).orElse("where it runs"));
  }
}
