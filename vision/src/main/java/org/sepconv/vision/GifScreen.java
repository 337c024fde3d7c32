package org.sepconv.vision;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * The logical screen of a GIF, on which its frames lie.
 *
 * @param left the column of the first frame
 * @param top its row
 */
record GifScreen(PictureSize size, int left, int top) {
  private static final String METADATA = "javax_imageio_gif_image_1.0";

  /** After the six letters of the signature: width and height, little-endian. */
  private static final int WIDTH = 6;

  private static final int HEIGHT = 8;

  static GifScreen of(byte[] file, IIOMetadata frame) {
    NamedNodeMap place = frame.getAsTree(METADATA).getFirstChild().getAttributes();
    return new GifScreen(
        new PictureSize(unsignedShort(file, WIDTH), unsignedShort(file, HEIGHT)),
        number(place.getNamedItem("imageLeftPosition")),
        number(place.getNamedItem("imageTopPosition")));
  }

  private static int unsignedShort(byte[] file, int at) {
    return file[at] & 0xFF | (file[at + 1] & 0xFF) << 8;
  }

  private static int number(Node attribute) {
    return Integer.parseInt(attribute.getNodeValue());
  }

  /** Also where there is no screen, or one that the frame exceeds: viewers then show the frame. */
  boolean isFilledBy(BufferedImage frame) {
    return left + frame.getWidth() > size.width()
        || top + frame.getHeight() > size.height()
        || frame.getWidth() == size.width() && frame.getHeight() == size.height();
  }

  /** The screen with a frame on it; what is around is transparent, and black. */
  BufferedImage with(BufferedImage frame) {
    BufferedImage screen =
        new BufferedImage(size.width(), size.height(), BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = screen.createGraphics();
    graphics.drawImage(frame, left, top, null);
    graphics.dispose();
    return screen;
  }
}
