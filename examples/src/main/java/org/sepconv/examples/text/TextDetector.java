package org.sepconv.examples.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.sepconv.spi.ConvBackend;
import org.sepconv.vision.ChannelOrder;
import org.sepconv.vision.Framing;
import org.sepconv.vision.Interpolation;
import org.sepconv.vision.Normalisation;
import org.sepconv.vision.Picture;
import org.sepconv.vision.Placement;
import org.sepconv.vision.Preprocessing;
import org.sepconv.vision.Quadrilateral;
import org.sepconv.vision.Region;
import org.sepconv.vision.Regions;
import org.sepconv.vision.RotatedRectangle;

/**
 * Finds lines of text: the network gives each pixel the probability that it is in the core of a
 * line ("Real-time Scene Text Detection with Differentiable Binarization", Liao et al. 2020).
 */
final class TextDetector implements AutoCloseable {
  /** Pixels above it are text. */
  private static final float THRESHOLD = 0.3f;

  /** Regions whose pixels have less on average are not. */
  private static final double LEAST_SCORE = 0.5;

  /** How far the rim of a line is from its core: times area, divided by perimeter. */
  private static final double GROWTH = 1.6;

  /** Shorter sides, in pixels of the map, are no text. */
  private static final double LEAST_SIDE = 3;

  /** PaddlePaddle gives ImageNet's mean and deviation of red to blue, and those of blue to red. */
  private static final Preprocessing PREPROCESSING =
      Preprocessing.of(new Framing.LongerSide(960, 32))
          .withInterpolation(Interpolation.BILINEAR)
          .withOrder(ChannelOrder.BGR)
          .withNormalisation(
              new Normalisation(
                  255, List.of(0.406f, 0.456f, 0.485f), List.of(0.225f, 0.224f, 0.229f)));

  private final TextNetwork network;

  TextDetector(ConvBackend backend, ClassLoader models, String model) throws IOException {
    network = TextNetwork.read(backend, models, model);
  }

  /** Places of lines in a picture, from the top down, and in a row from left to right. */
  List<Quadrilateral> lines(Picture picture, Times.Stage times) {
    TextNetwork.Answer answer = network.answer(PREPROCESSING, picture, times);
    Placement placement = answer.placement();
    List<Quadrilateral> lines = new ArrayList<>();
    for (Region region :
        Regions.above(
            THRESHOLD, answer.values(), placement.tensorWidth(), placement.tensorHeight())) {
      RotatedRectangle core = region.rectangle();
      if (region.score() > LEAST_SCORE && Math.min(core.width(), core.height()) >= LEAST_SIDE) {
        double distance = core.area() * GROWTH / (2 * (core.width() + core.height()));
        Quadrilateral line = core.grown(distance).quadrilateral();
        lines.add(line.moved(corner -> placement.toPicture(corner.x(), corner.y())));
      }
    }
    return inOrder(lines);
  }

  private static List<Quadrilateral> inOrder(List<Quadrilateral> lines) {
    List<Quadrilateral> left = new ArrayList<>(lines);
    left.sort(Comparator.comparingDouble(TextDetector::middle));
    List<Quadrilateral> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      Quadrilateral first = left.getFirst();
      List<Quadrilateral> row =
          left.stream().filter(line -> middle(line) < middle(first) + first.height() / 2).toList();
      row.stream()
          .sorted(Comparator.comparingDouble(line -> line.topLeft().x()))
          .forEach(ordered::add);
      left.removeAll(row);
    }
    return ordered;
  }

  private static double middle(Quadrilateral line) {
    return (line.topLeft().y() + line.bottomRight().y()) / 2;
  }

  @Override
  public void close() {
    network.close();
  }
}
