package org.sepconv.vision;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sepconv.Layout;

/** How pictures become what a network takes. */
public enum Preset {
  /** torchvision's: the shorter side to 256 of 224, the middle, mean and deviation of ImageNet. */
  IMAGENET,
  /** TensorFlow's and Keras's: stretched, from -1 to 1. */
  TENSORFLOW,
  /** A line of text: its height the network's, its width by its proportions, from -1 to 1, BGR. */
  TEXT_LINE;

  /** What torchvision makes the shorter side of, for each 224 that it keeps. */
  private static final double RESIZED = 256.0 / 224;

  /** What PP-OCR fills up with: the level that becomes 0. */
  private static final float MIDDLE = 127.5f;

  /**
   * For a network.
   *
   * @param network what errors call it
   * @param inputs the dimensions of each input
   * @throws IllegalArgumentException if it does not take one batch of pictures of three colours
   */
  public Preprocessing preprocessing(String network, List<List<Integer>> inputs) {
    List<Integer> sizes = inputs.getFirst();
    boolean one = inputs.size() == 1 && sizes.size() == 4;
    if (!one || sizes.get(1) != 3 && sizes.get(3) != 3) {
      throw new IllegalArgumentException(
          "%s takes %s, but must take pictures of three colours, N x 3 x H x W or N x H x W x 3"
              .formatted(
                  network,
                  inputs.stream()
                      .map(
                          each ->
                              each.stream().map(Object::toString).collect(Collectors.joining("x")))
                      .toList()));
    }
    Layout layout = sizes.get(1) == 3 ? Layout.NCHW : Layout.NHWC;
    int height = layout == Layout.NCHW ? sizes.get(2) : sizes.get(1);
    int width = layout == Layout.NCHW ? sizes.get(3) : sizes.get(2);
    Preprocessing usual =
        switch (this) {
          case IMAGENET ->
              Preprocessing.imagenet()
                  .withFraming(
                      new Framing.CentreCrop(
                          (int) Math.round(Math.max(height, width) * RESIZED), width, height));
          case TENSORFLOW ->
              Preprocessing.tensorflow().withFraming(new Framing.Stretch(width, height));
          case TEXT_LINE ->
              Preprocessing.of(new Framing.Line(height, width, width, MIDDLE))
                  .withNormalisation(Normalisation.signed())
                  .withOrder(ChannelOrder.BGR);
        };
    return usual.withLayout(layout);
  }

  /**
   * By its name.
   *
   * @throws IllegalArgumentException if there is none, listing those there are
   */
  public static Preset parse(String name) {
    return Arrays.stream(values())
        .filter(preset -> preset.toString().equals(name.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no preset '%s'; there are: %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Preset::toString)
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
