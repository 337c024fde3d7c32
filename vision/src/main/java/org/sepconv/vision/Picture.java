package org.sepconv.vision;

import java.awt.image.BufferedImage;
import java.util.Objects;
import org.sepconv.Shape;

/**
 * A picture of 8 bits for each of red, green and blue, as they are stored (gamma-encoded).
 * Immutable.
 *
 * <p>It is a view of samples in memory: cropping, turning and mirroring copy nothing. A picture
 * that was decoded shows the decoder's own rows.
 */
public final class Picture {
  /** Pixels along the side of what is copied at a time where rows become columns. */
  private static final int TILE = 32;

  private final int width;
  private final int height;
  final byte[] samples;
  private final int red;
  private final int green;
  private final int blue;
  final int columnStride;
  final int rowStride;

  /**
   * @param red where the red of the first pixel is in {@code samples}
   * @param columnStride from a sample to that of the pixel right of it
   * @param rowStride from a sample to that of the pixel below it
   */
  Picture(
      int width,
      int height,
      byte[] samples,
      int red,
      int green,
      int blue,
      int columnStride,
      int rowStride) {
    this.width = width;
    this.height = height;
    this.samples = samples;
    this.red = red;
    this.green = green;
    this.blue = blue;
    this.columnStride = columnStride;
    this.rowStride = rowStride;
  }

  /** Room for a picture's red, green and blue. */
  static byte[] samples(int width, int height) {
    return new byte[Shape.of(Colours.COUNT, height, width).elements()];
  }

  /**
   * Of samples row by row, each pixel red, green, blue. Not copied: leave them alone from now on.
   *
   * @throws IllegalArgumentException if their number is not width times height times 3
   */
  public static Picture ofRgb(int width, int height, byte[] samples) {
    Shape.of(Colours.COUNT, height, width).checkLength("picture", samples.length);
    return new Picture(
        width, height, samples, 0, 1, 2, Colours.COUNT, Math.multiplyExact(width, Colours.COUNT));
  }

  /**
   * Of grey levels row by row. Not copied: leave them alone from now on.
   *
   * @throws IllegalArgumentException if their number is not width times height
   */
  public static Picture ofGrey(int width, int height, byte[] levels) {
    Shape.of(1, height, width).checkLength("picture", levels.length);
    return new Picture(width, height, levels, 0, 0, 0, 1, width);
  }

  /**
   * Of an image of the JDK of any common kind: grey, colour, palette, 8 or 16 bits. It is copied.
   *
   * @throws IllegalArgumentException if it is of another kind, naming it
   */
  public static Picture of(BufferedImage image, Alpha alpha) {
    return ImageSamples.viewOf(image, alpha).packed();
  }

  /** Of an image of the JDK, without its transparency. */
  public static Picture of(BufferedImage image) {
    return of(image, Alpha.drop());
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** Where the samples of colour {@code c} begin: 0 red, 1 green, 2 blue. */
  int offset(int c) {
    return switch (c) {
      case 0 -> red;
      case 1 -> green;
      default -> blue;
    };
  }

  /**
   * The colour of a pixel, 0xRRGGBB.
   *
   * @throws IndexOutOfBoundsException if it is not in the picture
   */
  public int rgb(int x, int y) {
    Objects.checkIndex(x, width);
    Objects.checkIndex(y, height);
    int at = y * rowStride + x * columnStride;
    return (samples[red + at] & 0xFF) << 16
        | (samples[green + at] & 0xFF) << 8
        | samples[blue + at] & 0xFF;
  }

  /** A part of this picture, which shares its memory. */
  public Picture crop(int left, int top, int partWidth, int partHeight) {
    boolean inside =
        left >= 0
            && top >= 0
            && partWidth > 0
            && partHeight > 0
            && partWidth <= width - left
            && partHeight <= height - top;
    if (!inside) {
      throw new IllegalArgumentException(
          "a part of %dx%d pixels from column %d and row %d on is not inside of %s"
              .formatted(partWidth, partHeight, left, top, this));
    }
    int shift = top * rowStride + left * columnStride;
    return new Picture(
        partWidth,
        partHeight,
        samples,
        red + shift,
        green + shift,
        blue + shift,
        columnStride,
        rowStride);
  }

  /** The picture that is meant where this one is stored in an orientation; it shares its memory. */
  public Picture turned(Orientation stored) {
    int shift = stored.firstRow(height) * rowStride + stored.firstColumn(width) * columnStride;
    return new Picture(
        stored.transposed() ? height : width,
        stored.transposed() ? width : height,
        samples,
        red + shift,
        green + shift,
        blue + shift,
        stored.rightStride(columnStride, rowStride),
        stored.downStride(columnStride, rowStride));
  }

  /**
   * Turned clockwise; it shares its memory.
   *
   * @param quarters quarters of a full turn: 2 turns it upside down, -1 to the left
   */
  public Picture rotated(int quarters) {
    return turned(
        switch (Math.floorMod(quarters, 4)) {
          case 1 -> Orientation.RIGHT_TOP;
          case 2 -> Orientation.BOTTOM_RIGHT;
          case 3 -> Orientation.LEFT_BOTTOM;
          default -> Orientation.TOP_LEFT;
        });
  }

  /** Left and right exchanged; it shares its memory. */
  public Picture mirrored() {
    return turned(Orientation.TOP_RIGHT);
  }

  /**
   * In grey, as PIL's {@code convert("L")}: 0.299 red + 0.587 green + 0.114 blue, in its 16-bit
   * fixed point.
   */
  public Picture grey() {
    byte[] levels = new byte[Shape.of(1, height, width).elements()];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = rgb(x, y);
        levels[y * width + x] =
            (byte)
                (Colours.red(rgb) * 19595
                        + Colours.green(rgb) * 38470
                        + Colours.blue(rgb) * 7471
                        + 0x8000
                    >> 16);
      }
    }
    return ofGrey(width, height, levels);
  }

  /**
   * In another size.
   *
   * @throws IllegalArgumentException if a side is not positive, or there would be too many pixels
   */
  public Picture resized(int newWidth, int newHeight, Interpolation interpolation) {
    Shape.of(Colours.COUNT, newHeight, newWidth); // refuses what is no size
    ResizedRows.Window all = new ResizedRows.Window(newWidth, newHeight, 0, 0, newWidth, newHeight);
    return ResizedRows.picture(
        ResizedRows.plan(this, all, interpolation),
        all,
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * What a quadrilateral shows, upright, as large as its longer sides are: a word that a detector
   * found, for one. In between pixels it is bilinear; outside of the picture the nearest pixel is
   * repeated.
   */
  public Picture cut(Quadrilateral place) {
    return cut(
        place,
        (int) Math.max(1, Math.round(place.width())),
        (int) Math.max(1, Math.round(place.height())));
  }

  /**
   * The same in a size of its own. Much smaller than the place itself it looks rough: cut it in its
   * own size then, and resize that.
   */
  public Picture cut(Quadrilateral place, int newWidth, int newHeight) {
    return QuadrilateralCut.of(
        this, place, newWidth, newHeight, Runtime.getRuntime().availableProcessors());
  }

  /** This picture where rows are rows in memory, else a copy in which they are. */
  Picture packedIfTransposed() {
    return Math.abs(columnStride) > Math.abs(rowStride) ? packed() : this;
  }

  /** A copy, row by row. */
  private Picture packed() {
    byte[] copy = samples(width, height);
    for (int top = 0; top < height; top += TILE) {
      int bottom = Math.min(height, top + TILE);
      for (int left = 0; left < width; left += TILE) {
        for (int y = top; y < bottom; y++) {
          copy(copy, y, left, Math.min(width, left + TILE));
        }
      }
    }
    return ofRgb(width, height, copy);
  }

  private void copy(byte[] target, int y, int left, int right) {
    int at = (y * width + left) * Colours.COUNT;
    int from = y * rowStride + left * columnStride;
    for (int x = left; x < right; x++) {
      target[at++] = samples[red + from];
      target[at++] = samples[green + from];
      target[at++] = samples[blue + from];
      from += columnStride;
    }
  }

  /** As an 8-bit RGB image of the JDK: a copy. */
  public BufferedImage toImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = rgb(x, y);
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  /** {@code picture of 640x480}. */
  @Override
  public String toString() {
    return "picture of %dx%d".formatted(width, height);
  }
}
