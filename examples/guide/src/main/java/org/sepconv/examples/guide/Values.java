package org.sepconv.examples.guide;

/** Small whole numbers and halves of them: every library computes the same, in whatever order. */
final class Values {
  private Values() {}

  /** 1 x 10 x 112 x 112, NCHW. */
  static float[] image() {
    return counted(10 * 112 * 112, 11);
  }

  /** 10 x 1 x 3 x 3. */
  static float[] depthwise() {
    return counted(10 * 3 * 3, 7);
  }

  /** 32 x 10 x 1 x 1. */
  static float[] pointwise() {
    return counted(32 * 10, 5);
  }

  private static float[] counted(int count, int modulus) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % modulus - modulus / 2) / 2f;
    }
    return values;
  }

  /** The first values of NCHW ones, and the sum of all. */
  static void print(float[] result) {
    double sum = 0;
    for (float value : result) {
      sum += value;
    }
    System.out.printf(
        "%d values: %s, %s, %s, ...; their sum is %s%n",
        result.length, result[0], result[1], result[2], sum);
  }
}
