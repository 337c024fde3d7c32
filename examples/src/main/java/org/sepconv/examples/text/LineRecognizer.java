package org.sepconv.examples.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.spi.ConvBackend;
import org.sepconv.vision.ChannelOrder;
import org.sepconv.vision.Framing;
import org.sepconv.vision.Interpolation;
import org.sepconv.vision.Normalisation;
import org.sepconv.vision.Picture;
import org.sepconv.vision.Preprocessing;

/**
 * Reads a line: for each few columns of it, the network gives the probabilities of all characters
 * and of none.
 */
final class LineRecognizer implements AutoCloseable {
  private static final int HEIGHT = 48;

  /** Widths are multiples of it, so that most lines come in a width that is planned already. */
  private static final int STEP = 64;

  private static final int MOST_WIDTH = 2048;

  /** No character: also what separates two equal ones. */
  private static final int BLANK = 0;

  private static final Preprocessing PREPROCESSING =
      Preprocessing.of(line(STEP))
          .withInterpolation(Interpolation.BILINEAR)
          .withOrder(ChannelOrder.BGR)
          .withNormalisation(Normalisation.signed());

  private final TextNetwork network;
  private final List<String> characters = new ArrayList<>();

  /** What a line says, without spaces at its ends, and the mean probability of its characters. */
  record Reading(String text, double score) {}

  LineRecognizer(ConvBackend backend, ClassLoader models, String model) throws IOException {
    network = TextNetwork.read(backend, models, model);
    characters.add("");
    String list = network.metadata().get("character");
    if (list == null) {
      throw new IllegalArgumentException(model + " does not say which characters it reads");
    }
    characters.addAll(List.of(list.split("\n")));
    characters.add(" ");
  }

  private static Framing line(int width) {
    return new Framing.Line(HEIGHT, width, width, 127.5f);
  }

  Reading read(Picture line, Times.Stage times) {
    int columns = Math.ceilDiv(HEIGHT * line.width(), line.height());
    int width = Math.min(Math.ceilDiv(columns, STEP) * STEP, MOST_WIDTH);
    float[] values = network.answer(PREPROCESSING.withFraming(line(width)), line, times).values();
    return decode(values, characters);
  }

  /**
   * The most probable class of each place, without repetitions and blanks: greedy decoding of
   * "Connectionist Temporal Classification" (Graves et al. 2006).
   *
   * @param values a probability for each character, place by place
   */
  static Reading decode(float[] values, List<String> characters) {
    StringBuilder text = new StringBuilder();
    double sum = 0;
    int count = 0;
    int last = BLANK;
    for (int at = 0; at < values.length; at += characters.size()) {
      int best = 0;
      for (int i = 1; i < characters.size(); i++) {
        if (values[at + i] > values[at + best]) {
          best = i;
        }
      }
      if (best != BLANK && best != last) {
        text.append(characters.get(best));
        sum += values[at + best];
        count++;
      }
      last = best;
    }
    return new Reading(text.toString().strip(), count == 0 ? 0 : sum / count);
  }

  @Override
  public void close() {
    network.close();
  }
}
