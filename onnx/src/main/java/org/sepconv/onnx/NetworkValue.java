package org.sepconv.onnx;

import java.util.List;
import java.util.Objects;
import org.sepconv.Shape;

/**
 * An input or output of a network that was made of a model.
 *
 * @param name as the model has it
 * @param dimensions of ONNX, of any rank
 * @param shape how it lies in the graph: the same values in the same order, the last dimension
 *     fastest, so that a copy of one is a copy of the other
 */
public record NetworkValue(String name, List<Integer> dimensions, Shape shape) {
  public NetworkValue {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
    dimensions = List.copyOf(dimensions);
  }
}
