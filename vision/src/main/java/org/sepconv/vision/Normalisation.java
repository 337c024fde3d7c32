package org.sepconv.vision;

import java.util.List;

/**
 * What a tensor holds for a level of 0 to 255: {@code (level / divisor - mean) / deviation}, in
 * float32 and in that order, as torchvision's {@code ToTensor} and {@code Normalize} compute it.
 *
 * @param mean of red, green and blue, whatever the order of the channels
 * @param deviation of red, green and blue
 */
public record Normalisation(float divisor, List<Float> mean, List<Float> deviation) {
  public Normalisation {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    requireThree("mean", mean);
    requireThree("deviation", deviation);
    requireDivisor("divisor", divisor);
    deviation.forEach(value -> requireDivisor("deviation", value));
  }

  private static void requireThree(String what, List<Float> values) {
    if (values.size() != Colours.COUNT) {
      throw new IllegalArgumentException(
          "%s has %d values, but must have one for each of red, green and blue"
              .formatted(what, values.size()));
    }
  }

  private static void requireDivisor(String what, float value) {
    if (value == 0 || !Float.isFinite(value)) {
      throw new IllegalArgumentException("%s is %s, which divides nothing".formatted(what, value));
    }
  }

  /** The levels themselves, 0 to 255. */
  public static Normalisation none() {
    return ofAll(1, 0, 1);
  }

  /** From 0 to 1. */
  public static Normalisation unit() {
    return ofAll(Colours.WHITE, 0, 1);
  }

  /** From -1 to 1: {@code level / 127.5 - 1}. */
  public static Normalisation signed() {
    return ofAll(127.5f, 1, 1);
  }

  /** By the means and deviations of ImageNet that torchvision's networks were trained with. */
  public static Normalisation imagenet() {
    return new Normalisation(
        Colours.WHITE, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
  }

  /** The same mean and deviation for all colours. */
  public static Normalisation ofAll(float divisor, float mean, float deviation) {
    return new Normalisation(
        divisor, List.of(mean, mean, mean), List.of(deviation, deviation, deviation));
  }

  /**
   * What a tensor holds for a level.
   *
   * @param colour 0 red, 1 green, 2 blue
   */
  public float value(float level, int colour) {
    return (level / divisor - mean.get(colour)) / deviation.get(colour);
  }

  /** The level that a tensor's value stands for; it may be less than 0 or more than 255. */
  public float level(float value, int colour) {
    return (value * deviation.get(colour) + mean.get(colour)) * divisor;
  }
}
