package org.sepconv.vision.filter;

import java.util.Arrays;
import java.util.Locale;

/**
 * A K x K kernel of a {@link PictureFilter}, the same one for red, green and blue.
 *
 * <p>As everywhere in deep learning, a kernel is laid over the picture as it is written here, not
 * mirrored. Those that keep a constant picture as it is sum to 1; the Sobel kernels sum to 0.
 */
public enum FilterKernel {
  /** The picture itself: 1 in the centre. */
  IDENTITY {
    @Override
    double[] kernel(int size) {
      double[] kernel = new double[size * size];
      kernel[kernel.length / 2] = 1;
      return kernel;
    }
  },

  /** The mean of all K x K pixels: a box blur. */
  BLUR {
    @Override
    double[] kernel(int size) {
      double[] line = new double[size];
      Arrays.fill(line, 1.0 / size);
      return outer(line, line);
    }
  },

  /** A Gaussian of sigma = 0.3 ((K - 1) / 2 - 1) + 0.8, as OpenCV derives it from the size. */
  GAUSSIAN {
    @Override
    double[] kernel(int size) {
      double sigma = 0.3 * ((size - 1) * 0.5 - 1) + 0.8;
      double[] line = new double[size];
      double sum = 0;
      for (int i = 0; i < size; i++) {
        double distance = i - size / 2;
        line[i] = Math.exp(-distance * distance / (2 * sigma * sigma));
        sum += line[i];
      }
      for (int i = 0; i < size; i++) {
        line[i] /= sum;
      }
      return outer(line, line);
    }
  },

  /** The picture plus its negative Laplacian. */
  SHARPEN {
    @Override
    double[] kernel(int size) {
      requireThree(size);
      return new double[] {0, -1, 0, -1, 5, -1, 0, -1, 0};
    }
  },

  /** Horizontal change, as an absolute value: vertical edges are bright on black. */
  SOBEL_X {
    @Override
    double[] kernel(int size) {
      return outer(binomial(size), derivative(size));
    }

    @Override
    boolean absolute() {
      return true;
    }
  },

  /** Vertical change, as an absolute value: horizontal edges are bright on black. */
  SOBEL_Y {
    @Override
    double[] kernel(int size) {
      return outer(derivative(size), binomial(size));
    }

    @Override
    boolean absolute() {
      return true;
    }
  },

  /** Light from the top left, on the picture itself. */
  EMBOSS {
    @Override
    double[] kernel(int size) {
      requireThree(size);
      return new double[] {-2, -1, 0, -1, 1, 1, 0, 1, 2};
    }
  };

  public static final int SMALLEST = 3;
  public static final int LARGEST = 31;

  /**
   * The kernel, row by row.
   *
   * @param size K, which {@link #checkSize} accepted
   * @throws IllegalArgumentException if the filter does not exist at this size
   */
  abstract double[] kernel(int size);

  /** Whether the picture shows |response|, because the response itself can be negative. */
  boolean absolute() {
    return false;
  }

  /** {@code sobel-x}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * What {@link #toString} gives, in any case.
   *
   * @throws IllegalArgumentException if there is no such kernel, naming those that there are
   */
  public static FilterKernel parse(String name) {
    return Named.parse("kernel", name, values());
  }

  /**
   * Refuses a kernel without a centre, or of an absurd size.
   *
   * @throws IllegalArgumentException if K is even, or not within 3..31
   */
  static void checkSize(int size) {
    if (size < SMALLEST || size > LARGEST || size % 2 == 0) {
      throw new IllegalArgumentException(
          "size is %d, but must be odd and from %d to %d".formatted(size, SMALLEST, LARGEST));
    }
  }

  void requireThree(int size) {
    if (size != 3) {
      throw new IllegalArgumentException(
          "%s exists only at 3x3, not at %dx%d: set the size to 3".formatted(this, size, size));
    }
  }

  /** Row {@code size - 1} of Pascal's triangle, scaled to sum to 4: 1 2 1 for size 3. */
  private static double[] binomial(int size) {
    double[] line = pascal(size);
    for (int i = 0; i < size; i++) {
      line[i] *= 4 / Math.pow(2, size - 1);
    }
    return line;
  }

  /**
   * A smoothed central difference, -1 0 1 for size 3 and -1 -2 0 2 1 for 5, scaled so that a step
   * from 0 to 1 gives 1: every size then answers an edge as strongly as the plain 3 x 3 Sobel.
   */
  private static double[] derivative(int size) {
    double[] smooth = pascal(size - 2);
    double[] line = new double[size];
    double positive = 0;
    for (int i = 0; i < size; i++) {
      double ahead = i >= 2 ? smooth[i - 2] : 0;
      double behind = i < size - 2 ? smooth[i] : 0;
      line[i] = ahead - behind;
      positive += Math.max(0, line[i]);
    }
    for (int i = 0; i < size; i++) {
      line[i] /= positive;
    }
    return line;
  }

  private static double[] pascal(int size) {
    double[] row = new double[size];
    row[0] = 1;
    for (int n = 1; n < size; n++) {
      row[n] = row[n - 1] * (size - n) / n;
    }
    return row;
  }

  private static double[] outer(double[] vertical, double[] horizontal) {
    double[] kernel = new double[vertical.length * horizontal.length];
    for (int i = 0; i < vertical.length; i++) {
      for (int j = 0; j < horizontal.length; j++) {
        kernel[i * horizontal.length + j] = vertical[i] * horizontal[j];
      }
    }
    return kernel;
  }
}
