package org.sepconv.onnx;

import java.util.Objects;

/**
 * One dimension of an input or output of a model.
 *
 * @param text a number where the model fixes it, else its name, or {@code ?} where it has none
 */
public record ModelDimension(String text) {
  public ModelDimension {
    Objects.requireNonNull(text, "text");
  }

  /** Whether it is as long as the caller likes. */
  public boolean isFree() {
    return !text.matches("[0-9]+");
  }

  /** Whether a dimension of this length is one. */
  boolean takes(int size) {
    return isFree() || text.equals(Integer.toString(size));
  }

  @Override
  public String toString() {
    return text;
  }
}
