package org.sepconv.vision;

import org.sepconv.Shape;

/** How a picture of any size becomes one of the size that a network takes. */
public sealed interface Framing {

  /** Where a picture lies in its tensor. */
  Placement place(Picture picture);

  /** The level of the padding, 0 to 255 in each colour, before it is normalised as pixels are. */
  default float padding() {
    return 0;
  }

  /** Whether tensors may be widened with padding, so that pictures fit one batch. */
  default boolean widens() {
    return false;
  }

  /** As it is. */
  record Original() implements Framing {
    @Override
    public Placement place(Picture picture) {
      return Placement.whole(picture, picture.width(), picture.height());
    }
  }

  /** To one size, whatever becomes of the proportions. */
  record Stretch(int width, int height) implements Framing {
    public Stretch {
      requireSides(width, height);
    }

    @Override
    public Placement place(Picture picture) {
      return Placement.whole(picture, width, height);
    }
  }

  /** Until the shorter side has a length; the longer one is rounded down, as torchvision does. */
  record ShorterSide(int side) implements Framing {
    public ShorterSide {
      requireSides(side, side);
    }

    @Override
    public Placement place(Picture picture) {
      int longer = Math.max(picture.width(), picture.height());
      int shorter = Math.min(picture.width(), picture.height());
      long other = (long) side * longer / shorter;
      if (other > Shape.MAX_ELEMENTS) {
        throw new IllegalArgumentException(
            "%s is too narrow: with a shorter side of %d the longer one would have %d pixels"
                .formatted(picture, side, other));
      }
      return picture.width() < picture.height()
          ? Placement.whole(picture, side, (int) other)
          : Placement.whole(picture, (int) other, side);
    }
  }

  /**
   * Until the shorter side has a length, and from that the centre; the first row and column are
   * halves rounded to even, as torchvision's {@code CenterCrop} does.
   *
   * @param side of the shorter side before the crop
   */
  record CentreCrop(int side, int width, int height) implements Framing {
    public CentreCrop {
      requireSides(width, height);
      if (side < Math.max(width, height)) {
        throw new IllegalArgumentException(
            "a shorter side of %d has no %dx%d pixels to cut out; make it %d or more"
                .formatted(side, width, height, Math.max(width, height)));
      }
    }

    @Override
    public Placement place(Picture picture) {
      Placement whole = new ShorterSide(side).place(picture);
      return new Placement(
          picture.width(),
          picture.height(),
          whole.width(),
          whole.height(),
          (int) Math.rint((whole.width() - width) / 2.0),
          (int) Math.rint((whole.height() - height) / 2.0),
          0,
          0,
          width,
          height,
          width,
          height);
    }
  }

  /**
   * As large as fits, with the proportions kept; what is free is padding.
   *
   * @param centred whether the padding is on both sides, or to the right and below
   * @param padding its level, 0 to 255
   */
  record Letterbox(int width, int height, boolean centred, float padding) implements Framing {
    public Letterbox {
      requireSides(width, height);
    }

    @Override
    public Placement place(Picture picture) {
      double scale = Math.min((double) width / picture.width(), (double) height / picture.height());
      int columns = Math.clamp(Math.round(picture.width() * scale), 1, width);
      int rows = Math.clamp(Math.round(picture.height() * scale), 1, height);
      int left = centred ? (width - columns) / 2 : 0;
      int top = centred ? (height - rows) / 2 : 0;
      return Placement.at(picture, columns, rows, left, top, width, height);
    }
  }

  /**
   * Lines of text: one height, the width by the proportions (rounded up) but at most one; padding
   * to the right up to the least width. In a batch all are as wide as the widest.
   *
   * @param padding its level, 0 to 255: the middle, 127.5, is 0 after most normalisations
   */
  record Line(int height, int leastWidth, int mostWidth, float padding) implements Framing {
    public Line {
      requireSides(leastWidth, height);
      if (mostWidth < leastWidth) {
        throw new IllegalArgumentException(
            "the most width %d is less than the least width %d".formatted(mostWidth, leastWidth));
      }
    }

    @Override
    public Placement place(Picture picture) {
      long wanted = Math.ceilDiv((long) height * picture.width(), picture.height());
      int columns = (int) Math.min(wanted, mostWidth);
      return Placement.at(picture, columns, height, 0, 0, Math.max(columns, leastWidth), height);
    }

    @Override
    public boolean widens() {
      return true;
    }
  }

  /**
   * Smaller until the longer side has at most a length, then each side to the nearest multiple: for
   * detectors, which take any size that their strides divide.
   *
   * @param most of the longer side
   * @param multiple of both sides, at least once
   */
  record LongerSide(int most, int multiple) implements Framing {
    public LongerSide {
      requireSides(most, multiple);
    }

    @Override
    public Placement place(Picture picture) {
      double scale = Math.min(1, (double) most / Math.max(picture.width(), picture.height()));
      return Placement.whole(
          picture,
          rounded((int) (picture.width() * scale)),
          rounded((int) (picture.height() * scale)));
    }

    private int rounded(int side) {
      return Math.max(1, (int) Math.rint((double) side / multiple)) * multiple;
    }
  }

  private static void requireSides(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "%dx%d is not a size: both must be at least 1".formatted(width, height));
    }
  }
}
