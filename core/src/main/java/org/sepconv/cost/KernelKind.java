package org.sepconv.cost;

import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;

/** The kinds of operations that each have their own kernels, and so their own coefficients. */
public enum KernelKind {
  STANDARD,
  GROUPED,
  DEPTHWISE,
  POINTWISE,
  SEPARABLE;

  /** The kind of a convolution. */
  public static KernelKind of(Convolution convolution) {
    return switch (convolution) {
      case SeparableConv2d _ -> SEPARABLE;
      case Conv2d conv ->
          switch (conv.kind()) {
            case STANDARD -> STANDARD;
            case GROUPED -> GROUPED;
            case DEPTHWISE -> DEPTHWISE;
            case POINTWISE -> POINTWISE;
          };
    };
  }
}
