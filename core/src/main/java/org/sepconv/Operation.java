package org.sepconv;

import java.util.List;

/** One step of a network. An operation is a description: it holds no weights and no data. */
public sealed interface Operation permits Convolution, GlobalAveragePool, Add {

  /** How many tensors the operation takes. */
  int inputCount();

  /**
   * The shape of what comes out.
   *
   * @throws IllegalArgumentException if the operation cannot take these inputs
   */
  Shape outputShape(List<Shape> inputs);
}
