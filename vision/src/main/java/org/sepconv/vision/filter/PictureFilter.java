package org.sepconv.cli.picture;

import java.util.Arrays;
import org.sepconv.Activation;
import org.sepconv.ConvWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;

/**
 * A picture filter as a separable convolution from 3 channels to 3: a K x K kernel on each of red,
 * green and blue, then a 1 x 1 colour matrix with a bias and a clamp to 0..255.
 *
 * <p>Filters whose response can be negative show its absolute value. A convolution can do that too:
 * with a depth multiplier of 2 each colour meets the kernel and its negative, a ReLU follows, and
 * the colour matrix adds the two, {@code |x| = relu(x) + relu(-x)}.
 *
 * <p>The convolution is VALID: the picture comes with {@link #border} more rows and columns on each
 * side, which repeat its edge. Padding with zeros would draw a dark frame.
 *
 * @param size K, odd
 */
record PictureFilter(FilterDepthwise depthwise, int size, FilterPointwise pointwise) {

  /**
   * @throws IllegalArgumentException if the size is out of range or the filter has no such size
   */
  PictureFilter {
    FilterDepthwise.checkSize(size);
    depthwise.kernel(size);
  }

  /** Rows and columns that the kernel reaches beyond a pixel. */
  int border() {
    return size / 2;
  }

  SeparableConv2d convolution() {
    return SeparableConv2d.of(Picture.COLOURS, Picture.COLOURS)
        .kernel(size)
        .depthMultiplier(multiplier())
        .bias(false, true)
        .activation(
            depthwise.absolute() ? Activation.RELU : Activation.NONE,
            new Activation.Clamp(0, Picture.WHITE))
        .build();
  }

  SeparableWeights weights() {
    return new SeparableWeights(depthwiseWeights(), pointwiseWeights());
  }

  private int multiplier() {
    return depthwise.absolute() ? 2 : 1;
  }

  private ConvWeights depthwiseWeights() {
    double[] kernel = depthwise.kernel(size);
    float[] filter = new float[Picture.COLOURS * multiplier() * kernel.length];
    for (int channel = 0; channel < Picture.COLOURS * multiplier(); channel++) {
      int sign = channel % multiplier() == 0 ? 1 : -1;
      for (int tap = 0; tap < kernel.length; tap++) {
        filter[channel * kernel.length + tap] = (float) (sign * kernel[tap]);
      }
    }
    return ConvWeights.of(filter);
  }

  private ConvWeights pointwiseWeights() {
    int inputs = Picture.COLOURS * multiplier();
    float[] filter = new float[Picture.COLOURS * inputs];
    for (int to = 0; to < Picture.COLOURS; to++) {
      for (int from = 0; from < inputs; from++) {
        filter[to * inputs + from] = (float) pointwise.weight(to, from / multiplier());
      }
    }
    float[] bias = new float[Picture.COLOURS];
    Arrays.fill(bias, (float) pointwise.bias());
    return ConvWeights.of(filter, bias);
  }

  /** {@code sobel-x 3x3 + luma}. */
  @Override
  public String toString() {
    return depthwise + " " + size + "x" + size + " + " + pointwise;
  }
}
