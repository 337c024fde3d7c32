package org.sepconv.onnx.constant;

import java.util.Collection;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * How many values may be computed before a run: a few bytes of a model can ask for any number of
 * them. Some are free, and several for each that the model brings along.
 */
public final class Budget {
  private static final long FREE = 1L << 25;
  private static final int FOR_EACH = 8;

  private final long all;
  private long left;

  /** For a model with these constants. */
  public Budget(Collection<Tensor> constants) {
    all = FREE + FOR_EACH * constants.stream().mapToLong(Tensor::size).sum();
    left = all;
  }

  /**
   * Called before anything is allocated.
   *
   * @throws OnnxException if there are too many of them
   */
  public void take(long values) {
    left -= values;
    if (left < 0) {
      throw new OnnxException(
          "more than %d values would have to be computed before a run".formatted(all));
    }
  }

  /** The same for a tensor of these dimensions. */
  int take(int[] dimensions) {
    int size = Tensor.elements(dimensions);
    take(size);
    return size;
  }
}
