package org.sepconv.examples.text;

import java.io.IOException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.vision.ChannelOrder;
import org.sepconv.vision.Framing;
import org.sepconv.vision.Interpolation;
import org.sepconv.vision.Normalisation;
import org.sepconv.vision.Picture;
import org.sepconv.vision.Preprocessing;

/** Tells whether a line stands on its head: two classes, of which the second does. */
final class LineOrientation implements AutoCloseable {
  /** Only a line that surely does is turned. */
  private static final float LEAST = 0.9f;

  private static final Preprocessing PREPROCESSING =
      Preprocessing.of(new Framing.Line(48, 192, 192, 127.5f))
          .withInterpolation(Interpolation.BILINEAR)
          .withOrder(ChannelOrder.BGR)
          .withNormalisation(Normalisation.signed());

  private final TextNetwork network;

  LineOrientation(ConvBackend backend, ClassLoader models, String model) throws IOException {
    network = TextNetwork.read(backend, models, model);
  }

  boolean isUpsideDown(Picture line, Times.Stage times) {
    return network.answer(PREPROCESSING, line, times).values()[1] > LEAST;
  }

  @Override
  public void close() {
    network.close();
  }
}
