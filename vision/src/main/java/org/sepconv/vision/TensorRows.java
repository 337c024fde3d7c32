package org.sepconv.vision;

import java.util.Arrays;
import org.sepconv.TensorSpec;

/** Rows of a picture, normalised, into its image of a tensor. */
record TensorRows(Preprocessing how, TensorSpec spec, float[] values, int n, Placement place) {

  void write(ResizedRows rows, int from, int to) {
    float[] levels = new float[Colours.COUNT * place.width()];
    for (int y = from; y < to; y++) {
      int row = y - place.top();
      if (row < 0 || row >= place.height()) {
        pad(y, 0, place.tensorWidth());
        continue;
      }
      rows.row(row, levels);
      pad(y, 0, place.left());
      write(y, levels);
      pad(y, place.left() + place.width(), place.tensorWidth());
    }
  }

  private void write(int y, float[] levels) {
    int step = spec.layout().columnStride(spec.shape());
    for (int c = 0; c < how.order().channels(); c++) {
      int colour = how.order().colour(c);
      float divisor = how.normalisation().divisor();
      float mean = how.normalisation().mean().get(colour);
      float deviation = how.normalisation().deviation().get(colour);
      int at = spec.layout().index(spec.shape(), n, c, y, place.left());
      int level = colour * place.width();
      for (int x = 0; x < place.width(); x++) {
        values[at] = (levels[level + x] / divisor - mean) / deviation;
        at += step;
      }
    }
  }

  private void pad(int y, int left, int right) {
    int step = spec.layout().columnStride(spec.shape());
    for (int c = 0; c < how.order().channels(); c++) {
      float value = how.normalisation().value(how.framing().padding(), how.order().colour(c));
      int at = spec.layout().index(spec.shape(), n, c, y, 0);
      if (step == 1) {
        Arrays.fill(values, at + left, at + right, value);
      } else {
        for (int x = left; x < right; x++) {
          values[at + x * step] = value;
        }
      }
    }
  }
}
