package org.sepconv.bench.implementation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Something that can run a layer, or a network. Constructing it loads nothing native. */
public interface Implementation {

  /** What a user types and a row shows. */
  String name();

  /** Whether others measure themselves against it: an engine that is not ours. */
  boolean peer();

  /** Why it cannot be used on this machine; empty if it can. */
  Optional<String> unavailable();

  /**
   * Options that a JVM needs to run this.
   *
   * @param folder where files can be left that these options name
   */
  default List<String> jvmOptions(Path folder) throws IOException {
    return List.of();
  }

  /** Whether it reads the file of a workload itself; else it takes the graph. */
  default boolean readsFiles() {
    return false;
  }

  /**
   * Packs the weights, copies the input, and does whatever else is not part of a run.
   *
   * @param threads that a run may use
   * @throws RuntimeException if the engine fails or does not support the problem, saying why
   */
  PreparedLayer prepare(Workload work, int threads);
}
