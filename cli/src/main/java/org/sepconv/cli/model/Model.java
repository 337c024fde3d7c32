package org.sepconv.cli.model;

import java.util.List;
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

  /**
   * For these inputs.
   *
   * @throws IllegalArgumentException if there are more or fewer than it takes, or one has another
   *     shape
   */
  SizedModel sized(List<FloatArray> inputs);
}
