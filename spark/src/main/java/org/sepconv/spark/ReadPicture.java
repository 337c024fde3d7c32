package org.sepconv.spark;

import java.util.Optional;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureException;
import org.sepconv.vision.Preprocessing;

/**
 * A picture as a network takes it.
 *
 * @param error why it cannot be read
 * @param values none if it cannot
 * @param bytes that it came as
 * @param seconds to decode, resize and normalise it
 */
record ReadPicture(Optional<String> error, float[] values, long bytes, double seconds) {

  private static final PictureDecoder DECODER = PictureDecoder.standard();

  /** On this thread; whatever is wrong with the picture is its error. */
  static ReadPicture of(Optional<PictureSource> source, Preprocessing preprocessing) {
    long start = System.nanoTime();
    float[] values = {};
    Optional<String> error = Optional.empty();
    if (source.isEmpty()) {
      error = Optional.of("there is no picture: the column is null");
    } else {
      try {
        values = preprocessing.tensor(source.get().picture(DECODER)).values();
      } catch (PictureException | IllegalArgumentException refused) {
        error = Optional.of(String.valueOf(refused.getMessage()));
      }
    }
    return new ReadPicture(
        error,
        values,
        source.map(PictureSource::bytes).orElse(0L),
        (System.nanoTime() - start) / 1e9);
  }

  boolean good() {
    return error.isEmpty();
  }
}
