package org.sepconv.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/** The kernels of one kind on one device: coefficients, and what the measured points add. */
final class KernelFit {

  /** Vector widths that are tried; the one that explains the measured times best is kept. */
  private static final int[] LANES = {1, 4, 8, 16, 32};

  /** With fewer points than this there is nothing to fit. */
  static final int FEWEST_POINTS = 4;

  /** What neighbours say is not believed beyond a factor of e. */
  private static final double MOST_CORRECTION = 1;

  /** Of the fit. */
  private static final int PASSES = 7;

  /** An error below this weighs as if it were so large. */
  private static final double USUAL_ERROR = 0.05;

  private final int lanes;
  private final int threads;
  private final Ceilings ceilings;
  private final double[] coefficients;
  private final Neighbours neighbours;

  private KernelFit(
      int lanes, int threads, Ceilings ceilings, double[] coefficients, Neighbours neighbours) {
    this.lanes = lanes;
    this.threads = threads;
    this.ceilings = ceilings;
    this.coefficients = coefficients;
    this.neighbours = neighbours;
  }

  /** Fits operations of one kind; at least {@link #FEWEST_POINTS}. */
  static KernelFit of(List<Observation> points, int threads, Ceilings ceilings) {
    int bestLanes = 1;
    double[] best = new double[0];
    double least = Double.POSITIVE_INFINITY;
    for (int lanes : LANES) {
      double[] coefficients = coefficients(points, lanes, threads, ceilings);
      double error = 0;
      for (Observation point : points) {
        error += Math.abs(missed(point, lanes, threads, ceilings, coefficients));
      }
      if (error < 0.999 * least) {
        least = error;
        best = coefficients;
        bestLanes = lanes;
      }
    }
    double[] missed = new double[points.size()];
    double[][] places = new double[points.size()][];
    for (int i = 0; i < missed.length; i++) {
      Observation point = points.get(i);
      missed[i] = missed(point, bestLanes, threads, ceilings, best);
      places[i] = place(point.problem(), bestLanes);
    }
    return new KernelFit(bestLanes, threads, ceilings, best, Neighbours.of(places, missed));
  }

  /**
   * Non-negative, with about the least sum of absolute relative errors: squares are reweighted by
   * what they missed, so that single odd kernels pull little (Schlossmacher 1973).
   */
  private static double[] coefficients(
      List<Observation> points, int lanes, int threads, Ceilings ceilings) {
    double[][] rows = new double[points.size()][];
    for (int i = 0; i < rows.length; i++) {
      Observation point = points.get(i);
      rows[i] = counts(point.problem(), lanes, threads, ceilings);
      for (int j = 0; j < rows[i].length; j++) {
        rows[i][j] /= point.seconds();
      }
    }
    double[] weights = new double[rows.length];
    Arrays.fill(weights, 1);
    double[] found = {};
    for (int pass = 0; pass < PASSES; pass++) {
      double[][] weighted = new double[rows.length][rows[0].length];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows[i].length; j++) {
          weighted[i][j] = weights[i] * rows[i][j];
        }
      }
      found = NonNegativeLeastSquares.solve(weighted, weights);
      for (int i = 0; i < rows.length; i++) {
        double missed = -1;
        for (int j = 0; j < found.length; j++) {
          missed += found[j] * rows[i][j];
        }
        weights[i] = 1 / Math.sqrt(Math.max(Math.abs(missed), USUAL_ERROR));
      }
    }
    return found;
  }

  private static double[] counts(Problem problem, int lanes, int threads, Ceilings ceilings) {
    return Features.of(problem, lanes, threads, ceilings, 0).stream()
        .mapToDouble(Features.Feature::count)
        .toArray();
  }

  private static double missed(
      Observation point, int lanes, int threads, Ceilings ceilings, double[] coefficients) {
    double[] counts = counts(point.problem(), lanes, threads, ceilings);
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += coefficients[i] * counts[i];
    }
    return Math.clamp(Math.log(point.seconds() / sum), -3, 3);
  }

  /** Coordinates in which operations that are close take similar times for what they do. */
  private static double[] place(Problem problem, int lanes) {
    Convolution convolution = problem.convolution();
    Conv2d first =
        convolution instanceof SeparableConv2d separable
            ? separable.depthwise()
            : (Conv2d) convolution;
    Shape output = problem.destination().shape();
    int in = convolution.inChannels();
    int out = convolution.outChannels();
    return new double[] {
      log2(in),
      log2(out),
      log2((double) output.n() * output.h()),
      log2(output.w()),
      2 * log2(first.kernelH() * first.kernelW()),
      4 * log2(first.strideH() * first.strideW()),
      4 * waste(in, lanes),
      4 * waste(out, lanes),
      log2(first.groups())
    };
  }

  private static double waste(int channels, int lanes) {
    return log2((double) Math.ceilDiv(channels, lanes) * lanes / channels);
  }

  private static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }

  Prediction predict(Problem problem, long allWeights) {
    List<Features.Feature> features = Features.of(problem, lanes, threads, ceilings, allWeights);
    Map<String, Double> sums = new LinkedHashMap<>();
    double sum = 0;
    for (int i = 0; i < coefficients.length; i++) {
      double seconds = coefficients[i] * features.get(i).count();
      sums.merge(features.get(i).term(), seconds, Double::sum);
      sum += seconds;
    }
    double logarithm =
        Math.clamp(neighbours.correction(place(problem, lanes)), -MOST_CORRECTION, MOST_CORRECTION);
    double factor = Math.exp(logarithm);
    List<Term> terms = new ArrayList<>();
    sums.forEach((name, seconds) -> terms.add(new Term(name, seconds)));
    terms.sort(Comparator.comparingDouble(Term::seconds).reversed());
    String bound = terms.getFirst().name();
    StringBuilder text = new StringBuilder(bound + "-bound:");
    for (Term term : terms) {
      text.append(String.format(Locale.ROOT, " %.3f ms %s,", term.seconds() * 1e3, term.name()));
    }
    text.append(String.format(Locale.ROOT, " %s x%.2f", CostModel.NEIGHBOURS, factor));
    terms.add(new Term(CostModel.NEIGHBOURS, sum * (factor - 1)));
    return new Prediction(sum * factor, bound, terms, text.toString());
  }
}
