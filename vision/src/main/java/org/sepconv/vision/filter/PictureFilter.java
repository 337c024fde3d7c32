package org.sepconv.vision.filter;

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
public record PictureFilter(FilterKernel kernel, int size, ColourMatrix matrix) {

  /**
   * @throws IllegalArgumentException if the size is out of range or the filter has no such size
   */
  public PictureFilter {
    FilterKernel.checkSize(size);
    kernel.kernel(size);
  }

  /** Rows and columns that the kernel reaches beyond a pixel. */
  public int border() {
    return size / 2;
  }

  /** On the planes of a picture, {@link ColourPlanes#replicated} by the border. */
  public SeparableConv2d convolution() {
    return SeparableConv2d.of(ColourPlanes.COLOURS, ColourPlanes.COLOURS)
        .kernel(size)
        .depthMultiplier(multiplier())
        .bias(false, true)
        .activation(
            kernel.absolute() ? Activation.RELU : Activation.NONE,
            new Activation.Clamp(0, ColourPlanes.WHITE))
        .build();
  }

  public SeparableWeights weights() {
    return new SeparableWeights(depthwiseWeights(), pointwiseWeights());
  }

  private int multiplier() {
    return kernel.absolute() ? 2 : 1;
  }

  private ConvWeights depthwiseWeights() {
    double[] taps = kernel.kernel(size);
    float[] filter = new float[ColourPlanes.COLOURS * multiplier() * taps.length];
    for (int channel = 0; channel < ColourPlanes.COLOURS * multiplier(); channel++) {
      int sign = channel % multiplier() == 0 ? 1 : -1;
      for (int tap = 0; tap < taps.length; tap++) {
        filter[channel * taps.length + tap] = (float) (sign * taps[tap]);
      }
    }
    return ConvWeights.of(filter);
  }

  private ConvWeights pointwiseWeights() {
    int inputs = ColourPlanes.COLOURS * multiplier();
    float[] filter = new float[ColourPlanes.COLOURS * inputs];
    for (int to = 0; to < ColourPlanes.COLOURS; to++) {
      for (int from = 0; from < inputs; from++) {
        filter[to * inputs + from] = (float) matrix.weight(to, from / multiplier());
      }
    }
    float[] bias = new float[ColourPlanes.COLOURS];
    Arrays.fill(bias, (float) matrix.bias());
    return ConvWeights.of(filter, bias);
  }

  /** {@code sobel-x 3x3 + luma}. */
  @Override
  public String toString() {
    return kernel + " " + size + "x" + size + " + " + matrix;
  }
}
