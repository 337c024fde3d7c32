package org.sepconv.cost;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.ConvKind;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * What a run consists of, in counts that a kernel's time is a sum of: each is a multiple of an
 * unknown, non-negative time for one.
 *
 * <pre>
 *   computing   vectors of products, with the lanes that the last vector of channels wastes
 *   tiles       what comes once a row: tiles that are not full, rows and taps of rows that begin
 *   outputs     accumulators that begin and end, activations, stores
 *   moving      bytes of input, residual and output, by the cache that holds both
 *   weights     bytes of filters: once, and again for each row where they do not stay in a cache
 *   launch      once
 * </pre>
 *
 * <p>Rows of the output are split over threads; all that is in rows is multiplied by how much the
 * thread with the most rows has beyond its share.
 */
final class Features {

  /** Where the caches of usual processors end; what lies between is blended. */
  private static final double FIRST_CACHE = 32 << 10;

  private static final double SECOND_CACHE = 2 << 20;
  private static final double LAST_CACHE = 16 << 20;

  /** One count, and the term that it belongs to. */
  record Feature(String term, double count) {}

  private final List<Feature> features = new ArrayList<>();
  private final int lanes;
  private final int threads;

  private Features(int lanes, int threads) {
    this.lanes = lanes;
    this.threads = threads;
  }

  /** The counts of a run; operations of one {@link KernelKind} have the same ones in order. */
  static List<Feature> of(Convolution convolution, Shape input, int lanes, int threads) {
    Features counts = new Features(lanes, threads);
    counts.add("launch", 1);
    switch (convolution) {
      case Conv2d conv -> {
        counts.stage(conv, input, conv.kind() == ConvKind.DEPTHWISE);
        counts.bytes(conv, input, conv.outputShape(input), conv.residual());
      }
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        Shape between = depthwise.outputShape(input);
        counts.stage(depthwise, input, true);
        counts.stage(pointwise, between, false);
        counts.bytes(depthwise, input, pointwise.outputShape(between), pointwise.residual());
      }
    }
    return counts.features;
  }

  private void add(String term, double count) {
    features.add(new Feature(term, count));
  }

  private void stage(Conv2d conv, Shape input, boolean depthwise) {
    Shape output = conv.outputShape(input);
    double rows = (double) output.n() * output.h();
    double balance = Math.ceil(rows / threads) * threads / rows;
    double vectors =
        depthwise ? vectors(conv.outChannels()) : conv.groups() * vectors(conv.outputsPerGroup());
    int taps = conv.kernelH() * conv.kernelW();
    double pixels = rows * output.w() * balance;
    double products = vectors * (depthwise ? 1 : conv.channelsPerGroup()) * taps;
    double rowStarts = rows * balance * vectors;
    boolean strided = conv.strideH() > 1 || conv.strideW() > 1;
    add("computing", pixels * products);
    add("computing", strided ? pixels * products : 0);
    add("tiles", rows * balance * products);
    add("tiles", rowStarts * conv.kernelH());
    add("tiles", rows * balance);
    add("outputs", pixels * vectors);
    if (depthwise) {
      add("outputs", pixels * vectors * conv.kernelH());
    } else {
      add("computing", pixels * conv.channelsPerGroup() * conv.groups() * taps);
      add("outputs", pixels * vectors * taps);
    }
    double weights = (double) Float.BYTES * lanes * products;
    add("weights", weights);
    add("weights", weights * rows * beyond(weights, FIRST_CACHE));
    add("weights", weights * rows * beyond(weights, SECOND_CACHE));
  }

  private void bytes(Conv2d conv, Shape input, Shape output, boolean residual) {
    // Rows that a stride passes over are not read.
    double read = Math.min(1, (double) conv.kernelH() / conv.strideH());
    double bytes = read * padded(input) + (residual ? 2 : 1) * padded(output);
    add("moving", bytes);
    add("moving", bytes * beyond(bytes, SECOND_CACHE));
    add("moving", bytes * beyond(bytes, LAST_CACHE));
  }

  private double padded(Shape shape) {
    return vectors(shape.c()) * lanes / shape.c() * shape.bytes();
  }

  private double vectors(int channels) {
    return Math.ceilDiv(channels, lanes);
  }

  /** The share of a working set that a cache of this size does not keep, roughly: 0 to 1. */
  private static double beyond(double bytes, double cache) {
    return bytes * bytes / (bytes * bytes + cache * cache);
  }
}
