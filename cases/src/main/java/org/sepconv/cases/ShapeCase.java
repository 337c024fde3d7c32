package org.sepconv.cases;

import java.util.Objects;
import org.sepconv.Convolution;
import org.sepconv.Shape;

/**
 * A convolution on one input shape, with a name: one line of a {@link ShapeFile}.
 *
 * @param name without spaces, unique in its file; what stands before the first dot is its theme
 */
public record ShapeCase(String name, Convolution convolution, Shape input) {

  public ShapeCase {
    Objects.requireNonNull(name, "name");
    convolution.outputShape(input);
  }

  /** The shape of the output. */
  public Shape output() {
    return convolution.outputShape(input);
  }

  /** The part of the name before the first dot: {@code stride} of {@code stride.2x3}. */
  public String theme() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** The line of a {@link ShapeFile} that describes this case. */
  @Override
  public String toString() {
    return CaseParameters.of(this).line();
  }
}
