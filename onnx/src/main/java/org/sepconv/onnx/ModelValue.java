package org.sepconv.onnx;

import java.util.List;
import java.util.Objects;

/**
 * An input or output of a model, as its file describes it.
 *
 * @param dimensions as many as it has; empty also where the file does not say
 */
public record ModelValue(String name, List<ModelDimension> dimensions) {
  public ModelValue {
    Objects.requireNonNull(name, "name");
    dimensions = List.copyOf(dimensions);
  }

  /** {@code x [batch, 3, ?, ?]}. */
  @Override
  public String toString() {
    return name + " " + dimensions;
  }
}
