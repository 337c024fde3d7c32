package org.sepconv.onnx.lower;

import java.util.Optional;
import org.sepconv.Padding;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.OnnxException;

/**
 * The attributes that convolutions and pools have in common, in two dimensions: a 1D window has one
 * row.
 *
 * @param kernel rows and columns
 */
record Windows(int[] kernel, int[] strides, int[] dilations, Padding padding) {

  /**
   * @param dimensions of the input
   * @param kernel one size for each of its spatial dimensions
   */
  static Windows of(Attributes attributes, int[] dimensions, int[] kernel) {
    int spatial = dimensions.length - 2;
    if (spatial < 1 || spatial > 2) {
      throw new UnsupportedNode(
          "%d spatial dimensions: 1 and 2 are supported".formatted(Math.max(0, spatial)));
    }
    return new Windows(
        pair(Optional.of(kernel), spatial),
        pair(attributes.ints("strides"), spatial),
        pair(attributes.ints("dilations"), spatial),
        padding(attributes, spatial));
  }

  /** Rows and columns; 1 where it is left out. */
  static int[] pair(Optional<int[]> given, int spatial) {
    if (given.isEmpty()) {
      return new int[] {1, 1};
    }
    int[] sizes = given.get();
    if (sizes.length != spatial) {
      throw new OnnxException(
          "an attribute has %d sizes for %d spatial dimensions".formatted(sizes.length, spatial));
    }
    return spatial == 1 ? new int[] {1, sizes[0]} : sizes;
  }

  private static Padding padding(Attributes attributes, int spatial) {
    String auto = attributes.text("auto_pad", "NOTSET");
    return switch (auto) {
      case "SAME_UPPER" -> Padding.same();
      case "SAME_LOWER" -> Padding.sameLower();
      case "VALID" -> Padding.valid();
      case "NOTSET", "" -> {
        int[] pads = attributes.ints("pads").orElse(new int[2 * spatial]);
        if (pads.length != 2 * spatial) {
          throw new OnnxException("pads has %d values".formatted(pads.length));
        }
        yield spatial == 1
            ? Padding.of(0, pads[0], 0, pads[1])
            : Padding.of(pads[0], pads[1], pads[2], pads[3]);
      }
      default -> throw new OnnxException("auto_pad is '%s'".formatted(auto));
    };
  }
}
