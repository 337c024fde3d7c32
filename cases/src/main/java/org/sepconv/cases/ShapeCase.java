package org.sepconv.cases;

import java.util.Objects;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

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

  /** This case on float32 tensors of one layout. */
  public Problem problem(Layout layout) {
    return problem(layout, layout);
  }

  /** This case on float32 tensors of these layouts; a residual lies as the output does. */
  public Problem problem(Layout source, Layout destination) {
    return Problem.of(convolution, new TensorSpec(input, source), destination);
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
