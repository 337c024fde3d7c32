package org.sepconv.onnx.lower;

import java.util.Optional;
import org.sepconv.ResizeNearest;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.OnnxException;

/**
 * Which values of a dimension make each value of a resized one.
 *
 * @param transformation how positions correspond, as ONNX calls it
 * @param rounding of positions to the nearest, as ONNX calls it
 * @param sharpness the parameter of cubic interpolation
 */
record AxisResampling(
    String transformation, String rounding, double sharpness, int from, int to, double scale) {

  static AxisResampling of(Attributes attributes, boolean older, int from, int to, double scale) {
    // Before operator set 11 there was one way.
    return older
        ? new AxisResampling("asymmetric", "floor", -0.75, from, to, scale)
        : new AxisResampling(
            attributes.text("coordinate_transformation_mode", "half_pixel"),
            attributes.text("nearest_mode", "round_prefer_floor"),
            attributes.real("cubic_coeff_a", -0.75f),
            from,
            to,
            scale);
  }

  /** Where a value of the result lies in the source. */
  private double position(int index) {
    return switch (transformation) {
      case "half_pixel" -> (index + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> to > 1 ? (index + 0.5) / scale - 0.5 : 0;
      case "asymmetric" -> index / scale;
      case "align_corners" -> to > 1 ? index * (from - 1) / (scale * from - 1) : 0;
      case "tf_half_pixel_for_nn" -> (index + 0.5) / scale;
      case "half_pixel_symmetric" -> {
        double adjustment = to / (scale * from);
        double offset = from / 2.0 * (1 - adjustment);
        yield offset + (index + 0.5) / scale - 0.5;
      }
      default ->
          throw new UnsupportedNode(
              "with the coordinate_transformation_mode '%s'".formatted(transformation));
    };
  }

  /** The same rounding as an operation has it, if one does. */
  Optional<ResizeNearest.Rounding> coreRounding() {
    return switch (rounding) {
      case "round_prefer_floor" -> Optional.of(ResizeNearest.Rounding.PREFER_FLOOR);
      case "round_prefer_ceil" -> Optional.of(ResizeNearest.Rounding.PREFER_CEIL);
      case "floor" -> Optional.of(ResizeNearest.Rounding.FLOOR);
      case "ceil" -> Optional.of(ResizeNearest.Rounding.CEIL);
      default -> Optional.empty();
    };
  }

  /** The one value that makes a value of the result. */
  int nearest(int index) {
    double x = position(index);
    double rounded =
        switch (rounding) {
          case "round_prefer_floor" -> Math.ceil(x - 0.5);
          case "round_prefer_ceil" -> Math.floor(x + 0.5);
          case "floor" -> Math.floor(x);
          case "ceil" -> Math.ceil(x);
          default -> throw new OnnxException("nearest_mode is '%s'".formatted(rounding));
        };
    return Math.clamp((long) rounded, 0, from - 1);
  }

  /** Shares of the source in the result, {@code to} rows of {@code from}, by distance. */
  float[] linear() {
    float[] shares = new float[to * from];
    for (int i = 0; i < to; i++) {
      double x = Math.clamp(position(i), 0, from - 1);
      int left = (int) x;
      double right = x - left;
      shares[i * from + left] += (float) (1 - right);
      shares[i * from + Math.min(left + 1, from - 1)] += (float) right;
    }
    return shares;
  }

  /** The same by cubic convolution (Keys 1981); beyond the ends the last value stands. */
  float[] cubic() {
    float[] shares = new float[to * from];
    for (int i = 0; i < to; i++) {
      double x = position(i);
      int base = (int) Math.floor(x);
      for (int tap = base - 1; tap <= base + 2; tap++) {
        int place = Math.clamp(tap, 0, from - 1);
        shares[i * from + place] += (float) weight(Math.abs(x - tap));
      }
    }
    return shares;
  }

  private double weight(double distance) {
    double a = sharpness;
    double d = distance;
    if (d <= 1) {
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }
}
