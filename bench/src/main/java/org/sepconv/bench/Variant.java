package org.sepconv.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.cases.ShapeCase;

/** What is measured of a layer: all of it, one of its stages, or what it replaces. */
public enum Variant {
  /** The layer as the shape file has it, of whatever kind. */
  GIVEN,
  /** A separable layer, both stages. */
  SEPARABLE,
  /** A depthwise layer, or the first stage of a separable one. */
  DEPTHWISE,
  /** A pointwise layer, or the second stage of a separable one. */
  POINTWISE,
  /** A standard layer, or the one that a separable one replaces. */
  STANDARD;

  /**
   * The variant of a layer.
   *
   * @return empty if the layer has none: a pointwise layer has no depthwise stage
   */
  public Optional<ShapeCase> of(ShapeCase layer) {
    return switch (layer.convolution()) {
      case Conv2d conv ->
          this == GIVEN || conv.kind().name().equals(name())
              ? Optional.of(layer)
              : Optional.empty();
      case SeparableConv2d separable -> Optional.of(of(layer, separable));
    };
  }

  private ShapeCase of(ShapeCase layer, SeparableConv2d separable) {
    return switch (this) {
      case GIVEN, SEPARABLE -> layer;
      case DEPTHWISE -> derived(layer, separable.depthwise(), layer.input());
      case POINTWISE ->
          derived(layer, separable.pointwise(), separable.depthwise().outputShape(layer.input()));
      case STANDARD -> derived(layer, separable.equivalentStandard(), layer.input());
    };
  }

  private ShapeCase derived(ShapeCase layer, Convolution convolution, Shape input) {
    return new ShapeCase(layer.name() + "/" + this, convolution, input);
  }

  /**
   * Parses what {@link #toString} prints.
   *
   * @throws IllegalArgumentException if the text is anything else, with this list
   */
  public static Variant parse(String text) {
    return Arrays.stream(values())
        .filter(variant -> variant.toString().equalsIgnoreCase(text.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not a variant: expected %s"
                        .formatted(
                            text,
                            String.join(
                                ", ", Arrays.stream(values()).map(Variant::toString).toList()))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
