package org.sepconv.cli.model;

import java.util.List;
import java.util.Optional;
import org.sepconv.files.FloatArray;

/** A network that a user named, before the sizes of its inputs are known. */
public sealed interface Model permits OnnxFile, ReadyMade {

  /** What it is called in a document. */
  String name();

  /** What it is, for people. */
  String title();

  /** Where its weights come from, for people. */
  String weights();

  /**
   * For inputs of the sizes that the options say.
   *
   * @param batch images in each input
   * @throws IllegalArgumentException if the options do not say all sizes, or it takes no such
   *     inputs
   */
  SizedModel sized(int batch);

  /** What its inputs are called, in their order. */
  List<String> inputNames();

  /**
   * For these inputs, as many as it takes.
   *
   * @param batch images that each must have; without, as many as the first has
   * @throws IllegalArgumentException if one has another shape than it takes
   */
  SizedModel sized(List<FloatArray> inputs, Optional<Integer> batch);
}
