package org.sepconv.onnx.constant;

import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * How many values may be computed before a run: a few bytes of a model can ask for any number of
 * them.
 */
public final class Budget {
  private static final long ALL = 1L << 27;

  private long left = ALL;

  /**
   * Called before anything is allocated.
   *
   * @throws OnnxException if there are too many of them
   */
  public void take(long values) {
    left -= values;
    if (left < 0) {
      throw new OnnxException(
          "more than %d values would have to be computed before a run".formatted(ALL));
    }
  }

  /** The same for a tensor of these dimensions. */
  int take(int[] dimensions) {
    int size = Tensor.elements(dimensions);
    take(size);
    return size;
  }
}
