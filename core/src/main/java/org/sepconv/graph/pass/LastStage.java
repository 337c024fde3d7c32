package org.sepconv.graph.pass;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;

/** The convolution whose output a node gives: itself, or the pointwise stage. */
final class LastStage {
  private LastStage() {}

  /**
   * The same convolution with this done to its last stage; empty if it is no convolution, or that
   * stage applies an activation already, behind which nothing can be done.
   */
  static Optional<Operation> changed(Operation operation, UnaryOperator<Conv2d> change) {
    if (!(operation instanceof Convolution convolution)) {
      return Optional.empty();
    }
    return switch (convolution) {
      case Conv2d conv when conv.activation().equals(Activation.NONE) ->
          Optional.of(change.apply(conv));
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise)
          when pointwise.activation().equals(Activation.NONE) ->
          Optional.of(new SeparableConv2d(depthwise, change.apply(pointwise)));
      case Conv2d _, SeparableConv2d _ -> Optional.empty();
    };
  }
}
