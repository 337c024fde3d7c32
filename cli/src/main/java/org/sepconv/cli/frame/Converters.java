package org.sepconv.cli.frame;

import java.util.Locale;
import java.util.function.Function;
import org.sepconv.Activation;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.select.FirstUse;
import org.sepconv.select.SelectionMode;
import org.sepconv.vision.Preset;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Teaches picocli the types of options; their own parsers say what is wrong. */
public final class Converters {
  private Converters() {}

  /** For a command and all that are below it. */
  public static void register(CommandLine command) {
    command.registerConverter(Shape.class, of(Shape::parse));
    command.registerConverter(Padding.class, of(Padding::parse));
    command.registerConverter(Activation.class, of(Activation::parse));
    command.registerConverter(HeightWidth.class, of(HeightWidth::parse));
    command.registerConverter(SelectionMode.class, of(Converters::mode));
    command.registerConverter(FirstUse.class, of(Converters::firstUse));
    command.registerConverter(Layout.class, of(Converters::layout));
    command.registerConverter(Preset.class, of(Preset::parse));
  }

  private static Layout layout(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "nhwc" -> Layout.NHWC;
      case "nchw" -> Layout.NCHW;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a layout: expected nhwc or nchw".formatted(text));
    };
  }

  private static FirstUse firstUse(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "estimate" -> FirstUse.ESTIMATE;
      case "calibrate" -> FirstUse.CALIBRATE;
      default ->
          throw new IllegalArgumentException(
              "'%s' is nothing to do at first use: expected estimate or calibrate".formatted(text));
    };
  }

  private static SelectionMode mode(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "predicted" -> SelectionMode.PREDICTED;
      case "measured" -> SelectionMode.MEASURED;
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a way to select: expected predicted or measured".formatted(text));
    };
  }

  private static <T> ITypeConverter<T> of(Function<String, T> parser) {
    return text -> {
      try {
        return parser.apply(text);
      } catch (IllegalArgumentException wrong) {
        throw new TypeConversionException(wrong.getMessage());
      }
    };
  }
}
