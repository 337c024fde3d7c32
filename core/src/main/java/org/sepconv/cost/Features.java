package org.sepconv.cost;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/**
 * What a run consists of, in counts that a kernel's time is a sum of: each is a multiple of an
 * unknown, non-negative time for one.
 *
 * <pre>
 *   computing   vectors of products, with the lanes that the last vector of channels wastes
 *   tiles       rows and register tiles that begin
 *   outputs     accumulators that begin and end, activations, stores
 *   packing     pixels that are copied so that all their channels lie side by side
 *   weights     filters: once, at the bandwidth of where all of the network stay, and again for each
 *               strip of pixels, at that of where these stay
 *   cache 1, ..., memory   input, residual and output, at the bandwidth of what holds both
 *   launch      once
 * </pre>
 *
 * <p>Rows of the output are split over threads; all that is in rows is multiplied by how much the
 * thread with the most rows has beyond its share.
 */
final class Features {

  /**
   * Bytes of a tile of rows that stay in a cache while all filters go by: kernels that reuse
   * filters for as many pixels as they can take about this many.
   */
  private static final double STRIP_BYTES = 256 << 10;

  /** Pixels and vectors of a usual register tile; kernels of other tiles waste similar shares. */
  private static final double TILE_PIXELS = 7;

  private static final double TILE_VECTORS = 4;

  /**
   * A runtime that allocates its outputs gets larger ones from the system each time, page by page:
   * the largest that the C library's malloc may keep.
   */
  private static final long KEPT_BYTES = 32 << 20;

  /** One count, and the term that it belongs to. */
  record Feature(String term, double count) {}

  private final List<Feature> features = new ArrayList<>();
  private final int lanes;
  private final int threads;
  private final Ceilings ceilings;
  private final long allWeights;

  private Features(int lanes, int threads, Ceilings ceilings, long allWeights) {
    this.lanes = lanes;
    this.threads = threads;
    this.ceilings = ceilings;
    this.allWeights = allWeights;
  }

  /** Whether times are fitted to counts: of other operations there are estimates only. */
  static boolean exist(Observation point) {
    return point.problem().operation() instanceof Convolution;
  }

  /**
   * The counts of a run; operations of one {@link KernelKind} have the same ones in order.
   *
   * @param allWeights bytes of the weights of a network that it is a part of
   */
  static List<Feature> of(
      Problem problem, int lanes, int threads, Ceilings ceilings, long allWeights) {
    Shape input = problem.source().shape();
    Features counts = new Features(lanes, threads, ceilings, allWeights);
    counts.add("launch", 1);
    switch (problem.convolution()) {
      case Conv2d conv -> {
        if (conv.kind() == KernelKind.DEPTHWISE) {
          counts.depthwise(conv, input);
        } else {
          counts.matrix(conv, input);
        }
        counts.bytes(conv, input, conv.outputShape(input), conv.residual());
      }
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        Shape between = depthwise.outputShape(input);
        counts.depthwise(depthwise, input);
        counts.matrix(pointwise, between);
        counts.bytes(depthwise, input, pointwise.outputShape(between), pointwise.residual());
        // Where both stages are one, the values between them do not move, and this costs nothing.
        counts.moved(2 * counts.padded(between));
      }
    }
    return counts.features;
  }

  private void add(String term, double count) {
    features.add(new Feature(term, count));
  }

  /** How the rows of a stage's output fall on threads, and what they consist of. */
  private record Work(double rows, double columns, double balance) {
    double pixels() {
      return rows * columns * balance;
    }
  }

  private Work work(Shape output) {
    double rows = (double) output.n() * output.h();
    return new Work(rows, output.w(), Math.ceil(rows / threads) * threads / rows);
  }

  private void depthwise(Conv2d conv, Shape input) {
    Work work = work(conv.outputShape(input));
    double vectors = vectors(conv.outChannels());
    double rows = work.rows * work.balance;
    double pixels = work.pixels();
    double outputs = pixels * vectors;
    double products = outputs * conv.kernelH() * conv.kernelW();
    double tiles = rows * vectors * Math.ceil(work.columns / TILE_PIXELS);
    boolean strided = conv.strideH() > 1 || conv.strideW() > 1;
    add("computing", products);
    add("computing", strided ? products : 0);
    add("tiles", rows);
    add("tiles", rows * vectors * conv.kernelH());
    add("tiles", tiles);
    add("tiles", tiles * conv.kernelH());
    add("outputs", outputs);
    add("outputs", outputs * conv.kernelH());
    add("outputs", conv.activation().equals(Activation.NONE) ? 0 : outputs);
    weights(vectors * conv.kernelH() * conv.kernelW(), conv, work);
  }

  /** All but the depthwise ones are products of matrices. */
  private void matrix(Conv2d conv, Shape input) {
    Work work = work(conv.outputShape(input));
    int taps = conv.kernelH() * conv.kernelW();
    int channels = conv.channelsPerGroup();
    double vectors = conv.groups() * vectors(conv.outputsPerGroup());
    double panels = conv.groups() * Math.ceil(vectors(conv.outputsPerGroup()) / TILE_VECTORS);
    double rows = work.rows * work.balance;
    double pixels = work.pixels();
    double products = pixels * vectors * channels * taps;
    double values = pixels * panels * channels * taps;
    boolean strided = conv.strideH() > 1 || conv.strideW() > 1;
    boolean narrow = conv.outputsPerGroup() < lanes;
    add("computing", products);
    add("computing", strided ? products : 0);
    add("computing", values);
    add("computing", narrow ? values : 0);
    // Of one channel and tap it is a depthwise one with a multiplier, and may run as such.
    add("computing", channels * taps == 1 ? products : 0);
    add("tiles", rows);
    add("tiles", rows * vectors);
    add("tiles", pixels * panels);
    add("outputs", pixels * vectors);
    add("outputs", pixels * vectors * taps);
    add("outputs", narrow ? pixels : 0);
    add("outputs", conv.activation().equals(Activation.NONE) ? 0 : pixels * vectors);
    add("packing", pixels * taps * packed(conv.inChannels()));
    weights(vectors * channels * taps, conv, work);
  }

  /** Vectors of a pixel that are copied side by side before they can be multiplied. */
  private double packed(int channels) {
    boolean inPlace = channels < lanes || channels % lanes == 0 && channels <= TILE_VECTORS * lanes;
    return inPlace ? 0 : vectors(channels);
  }

  private void weights(double vectors, Conv2d conv, Work work) {
    double weights = Float.BYTES * lanes * vectors;
    double values = work.rows * work.columns * Math.max(conv.inChannels(), conv.outChannels());
    double strips = Math.max(1, Float.BYTES * values / STRIP_BYTES);
    double once = weights * ceilings.weightSecondsPerByte(Math.max(weights, allWeights));
    double again = weights * ceilings.secondsPerByte(weights);
    add("weights", once);
    add("weights", again * (strips - 1));
  }

  private void bytes(Conv2d conv, Shape input, Shape output, boolean residual) {
    // Rows that a stride passes over are not read.
    double read = Math.min(1, (double) conv.kernelH() / conv.strideH());
    moved(read * padded(input) + (residual ? 2 : 1) * padded(output));
    double fresh = output.bytes() > KEPT_BYTES ? output.bytes() : 0;
    add("memory", fresh * ceilings.secondsPerByte(fresh));
  }

  /** Bytes that a stage reads and writes. */
  private void moved(double bytes) {
    double nearest = ceilings.secondsPerByte(0);
    String level = ceilings.level(bytes);
    add(level, bytes * nearest);
    add(level, bytes * (ceilings.secondsPerByte(bytes) - nearest));
  }

  private double padded(Shape shape) {
    // Fewer channels than lanes lie side by side.
    return shape.c() < lanes
        ? shape.bytes()
        : vectors(shape.c()) * lanes / shape.c() * shape.bytes();
  }

  private double vectors(int channels) {
    return Math.ceilDiv(channels, lanes);
  }
}
