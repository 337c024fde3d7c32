package org.sepconv.cpu;

import java.util.Arrays;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;

/**
 * Rows of gathered input times the packed filter of one group: the inner part of every convolution
 * but the depthwise one.
 *
 * <pre>
 *   packed weights   panels of up to maxVectors vectors of outputs, one after the other:
 *                    panel p: [tap][input channel of the group][output of the panel]
 *                    the last panel has only the vectors that it needs
 * </pre>
 */
final class MatrixProduct {
  private final int depth;
  private final int outputs;
  private final int firstOutput;
  private final Activation activation;
  private final Panel[] panels;
  private final String tileName;

  /** Outputs {@code first} to {@code first + count - 1} of the group. */
  private record Panel(
      int first, int count, int rows, Span weights, Span bias, int tail, MatrixTile[] tiles) {}

  /**
   * Packs the weights of one group.
   *
   * @param depth values of a pixel that lie side by side for each tap: the group's channels, or
   *     those of several filter columns
   * @param rowStride the distance between neighbouring pixels where it is always the same, or 0
   */
  MatrixProduct(
      Conv2d conv,
      ConvWeights weights,
      int group,
      int depth,
      int rowStride,
      VectorEmitter emitter,
      SpanArena arena) {
    // A tile for each stride pays off for the usual channel counts; odd ones share one tile.
    int knownStride = rowStride % emitter.lanes() == 0 ? rowStride : 0;
    this.activation = conv.activation();
    this.depth = depth;
    this.outputs = conv.outputsPerGroup();
    this.firstOutput = group * outputs;
    int maxVectors = emitter.maxVectors(depth, knownStride > 0);
    int most = maxVectors * emitter.lanes();
    this.panels = new Panel[Math.ceilDiv(outputs, most)];
    int usual = Math.min(maxVectors, Math.ceilDiv(outputs, emitter.lanes()));
    this.tileName = emitter.maxRows(usual, knownStride > 0) + "x" + usual + "v" + emitter.lanes();
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(conv.outChannels());
    Clamp clamp = Clamp.of(conv.activation());
    for (int p = 0; p < panels.length; p++) {
      int first = p * most;
      int count = Math.min(most, outputs - first);
      int width = emitter.padded(count);
      int vectors = width / emitter.lanes();
      int rows = emitter.maxRows(vectors, knownStride > 0);
      int tail = count - (width - emitter.lanes());
      MatrixTile[] tiles = new MatrixTile[rows + 1];
      for (int r = 1; r <= rows; r++) {
        tiles[r] = emitter.matrixTile(r, vectors, tail < emitter.lanes(), knownStride, clamp);
      }
      int from = firstOutput + first;
      Span padded = arena.copyOf(Arrays.copyOfRange(bias, from, from + count), width);
      panels[p] =
          new Panel(
              first,
              count,
              rows,
              pack(conv, filter, from, count, width, arena),
              padded,
              tail,
              tiles);
    }
  }

  private static Span pack(
      Conv2d conv, float[] filter, int from, int count, int width, SpanArena arena) {
    int channels = conv.channelsPerGroup();
    int taps = conv.kernelH() * conv.kernelW();
    Span packed = arena.allocate(Math.multiplyExact(taps * channels, width));
    for (int o = 0; o < count; o++) {
      int source = (from + o) * channels * taps;
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < taps; tap++) {
          packed.array()[packed.offset() + (tap * channels + c) * width + o] = filter[source++];
        }
      }
    }
    return packed;
  }

  /**
   * Multiplies some pixels, panel by panel: the panel stays in the nearest cache while the pixels
   * go by, and the pixels of a strip in the next one.
   *
   * @param rows for each pixel, the offset of its first value from {@code aOffset}
   * @param taps for each tap, the offset of its values from the pixel's first
   * @param pixels how many
   * @param outOffset where the first pixel starts in {@code out}, with its first channel
   * @param outStride distance between pixels in {@code out}
   * @param slice which part of the panels, 0 to slices - 1
   */
  void multiply(
      float[] a,
      int aOffset,
      int[] rows,
      int[] taps,
      int pixels,
      float[] out,
      int outOffset,
      int outStride,
      int slice,
      int slices) {
    int firstPanel = panels.length * slice / slices;
    int endPanel = panels.length * (slice + 1) / slices;
    for (int p = firstPanel; p < endPanel; p++) {
      Panel panel = panels[p];
      int target = outOffset + firstOutput + panel.first;
      int pixel = 0;
      while (pixel < pixels) {
        // Tiles of nearly equal height rather than full ones and a thin rest.
        int left = pixels - pixel;
        int height = Math.ceilDiv(left, Math.ceilDiv(left, panel.rows));
        panel.tiles[height].compute(
            a,
            aOffset,
            rows,
            pixel,
            taps,
            depth,
            panel.weights.array(),
            panel.weights.offset(),
            panel.bias.array(),
            panel.bias.offset(),
            out,
            target + pixel * outStride,
            outStride,
            panel.tail);
        pixel += height;
      }
    }
    if (Clamp.leaves(activation)) {
      int from = outOffset + firstOutput + panels[firstPanel].first;
      Panel last = panels[endPanel - 1];
      int count = last.first + last.count - panels[firstPanel].first;
      for (int pixel = 0; pixel < pixels; pixel++) {
        int start = from + pixel * outStride;
        VectorActivation.apply(activation, out, start, start + count);
      }
    }
  }

  /** How many panels there are: the most slices. */
  int panels() {
    return panels.length;
  }

  /** {@code 6x4v16}: rows, vectors and lanes of the tile that does most of the work. */
  String tileName() {
    return tileName;
  }
}
