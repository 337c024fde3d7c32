package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.Features.Feature;

/** Counts worked out by hand. Vectors have 8 lanes. */
class FeaturesTest {
  private static final int LANES = 8;

  private static final Ceilings CEILINGS =
      new Ceilings(
          1e-6,
          1e9,
          List.of(new Bandwidth(1_000, 8), new Bandwidth(100_000_000, 1)),
          List.of(new Bandwidth(1_000, 4), new Bandwidth(1_000_000, 0.5)),
          Map.of());

  private static List<Feature> of(
      Convolution convolution, Shape input, int threads, long allWeights) {
    Problem problem = Problem.of(convolution, TensorSpec.nchw(input));
    return Features.of(problem, LANES, threads, CEILINGS, allWeights);
  }

  private static void assertFeatures(List<Feature> expected, List<Feature> actual) {
    assertEquals(
        expected.stream().map(Feature::term).toList(), actual.stream().map(Feature::term).toList());
    for (int i = 0; i < expected.size(); i++) {
      double count = expected.get(i).count();
      assertEquals(count, actual.get(i).count(), 1e-9 * count, i + ": " + expected.get(i).term());
    }
  }

  private static List<Feature> counts(String term, double... counts) {
    List<Feature> features = new ArrayList<>();
    for (double count : counts) {
      features.add(new Feature(term, count));
    }
    return features;
  }

  private static List<Feature> moved(double bytes) {
    return counts(
        CEILINGS.level(bytes),
        bytes * CEILINGS.secondsPerByte(0),
        bytes * (CEILINGS.secondsPerByte(bytes) - CEILINGS.secondsPerByte(0)));
  }

  @SafeVarargs
  private static List<Feature> all(List<Feature>... parts) {
    List<Feature> all = new ArrayList<>(counts("launch", 1));
    for (List<Feature> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  @Test
  void depthwise() {
    // 12 channels are 2 vectors; 10 rows of 20 columns on 4 threads take as long as 12 rows.
    Conv2d conv =
        Conv2d.depthwise(12).kernel(3).stride(2).same().activation(Activation.RELU).build();
    double products = 12 * 20 * 2 * 9;
    assertFeatures(
        all(
            counts("computing", products, products),
            counts("tiles", 12, 12 * 2 * 3, 12 * 2 * 3, 12 * 2 * 3 * 3),
            counts("outputs", 12 * 20 * 2, 12 * 20 * 2 * 3, 12 * 20 * 2),
            counts("weights", 4 * 8 * 2 * 9 * CEILINGS.weightSecondsPerByte(5_000), 0),
            moved(4.0 * 16 * (2 * 9 * 39 + 2 * 5 * 20)),
            counts("memory", 0)),
        of(conv, new Shape(2, 12, 9, 39), 4, 5_000));
  }

  @Test
  void groupedWithAResidual() {
    // Two groups of 20 -> 10 channels: 2 vectors and one panel each; 70 rows on 3 threads as 72.
    Conv2d conv = Conv2d.of(40, 20).kernel(3).groups(2).same().build().withResidual(true);
    double pixels = 72 * 80;
    double filter = 4 * 8 * 4 * 20 * 9;
    double strips = 4.0 * 70 * 80 * 40 / (256 << 10);
    assertFeatures(
        all(
            counts("computing", pixels * 4 * 20 * 9, 0, pixels * 2 * 20 * 9, 0, 0),
            counts("tiles", 72, 72 * 4, pixels * 2),
            counts("outputs", pixels * 4, pixels * 4 * 9, 0, 0),
            counts("packing", pixels * 9 * 5),
            counts(
                "weights",
                filter * CEILINGS.weightSecondsPerByte(filter),
                filter * CEILINGS.secondsPerByte(filter) * (strips - 1)),
            moved(4.0 * 70 * 80 * (40 + 2 * 24)),
            counts("memory", 0)),
        of(conv, new Shape(1, 40, 70, 80), 3, 0));
  }

  @Test
  void ofOneChannelAndTap() {
    // Fewer outputs than lanes; every second row is not read.
    Conv2d conv = Conv2d.of(1, 4).stride(2).activation(Activation.RELU).build();
    List<Feature> actual = of(conv, new Shape(1, 1, 9, 9), 1, 0);
    assertFeatures(
        all(
            counts("computing", 25, 25, 25, 25, 25),
            counts("tiles", 5, 5, 25),
            counts("outputs", 25, 25, 25, 25),
            counts("packing", 0),
            counts("weights", 32 * CEILINGS.weightSecondsPerByte(32), 0),
            moved(4.0 * 81 / 2 + 4 * 4 * 25),
            counts("memory", 0)),
        actual);
  }

  @Test
  void stridesOfOneDirectionCount() {
    Shape input = new Shape(1, 8, 4, 4);
    for (Conv2d conv :
        List.of(
            Conv2d.of(8, 8).stride(1, 2).build(),
            Conv2d.of(8, 8).stride(2, 1).build(),
            Conv2d.depthwise(8).kernel(3).stride(1, 2).same().build(),
            Conv2d.depthwise(8).kernel(3).stride(2, 1).same().build())) {
      List<Feature> actual = of(conv, input, 1, 0);
      assertEquals(actual.get(1), actual.get(2), conv.toString());
    }
  }

  @Test
  void channelsThatLieSideBySideAreNotPacked() {
    for (Map.Entry<Integer, Integer> vectors : Map.of(7, 0, 8, 0, 12, 2, 32, 0, 40, 5).entrySet()) {
      int channels = vectors.getKey();
      double packed =
          of(Conv2d.pointwise(channels, 8).build(), new Shape(1, channels, 3, 3), 1, 0).stream()
              .filter(feature -> feature.term().equals("packing"))
              .mapToDouble(Feature::count)
              .sum();
      assertEquals(9 * vectors.getValue(), packed, channels + " channels");
    }
  }

  @Test
  void pagesOfALargeOutputComeFromTheSystem() {
    Conv2d conv = Conv2d.pointwise(8, 8).build();
    assertEquals(new Feature("memory", 0), of(conv, new Shape(1, 8, 1024, 1024), 1, 0).getLast());
    double bytes = 4 * 8 * 1024 * 1025;
    assertEquals(
        new Feature("memory", bytes * CEILINGS.secondsPerByte(bytes)),
        of(conv, new Shape(1, 8, 1024, 1025), 1, 0).getLast());
  }

  @Test
  void separableIsBothStagesAndWhatMovesBetween() {
    Conv2d depthwise = Conv2d.depthwise(12).kernel(3).stride(2).same().build();
    Conv2d pointwise = Conv2d.pointwise(12, 40).build();
    Shape input = new Shape(1, 12, 9, 39);
    Shape between = new Shape(1, 12, 5, 20);
    List<Feature> first = of(depthwise, input, 1, 0);
    List<Feature> second = of(pointwise, between, 1, 0);
    List<Feature> both = new ArrayList<>(first.subList(0, first.size() - 3));
    both.addAll(second.subList(1, second.size() - 3));
    both.addAll(moved(4.0 * (16 * 9 * 39 + 40 * 100)));
    both.addAll(counts("memory", 0));
    both.addAll(moved(2 * 4.0 * 16 * 100));
    assertFeatures(both, of(new SeparableConv2d(depthwise, pointwise), input, 1, 0));
  }

  @Test
  void panelsOfEachGroupBeginAnew() {
    // Two groups of 9 -> 80 channels: 10 vectors and 3 panels each.
    Conv2d conv = Conv2d.of(18, 160).kernel(3).groups(2).same().relu().build();
    double filter = 4 * 8 * 20 * 9 * 9;
    assertFeatures(
        all(
            counts("computing", 20 * 20 * 81, 0, 20 * 6 * 81, 0, 0),
            counts("tiles", 4, 4 * 20, 20 * 6),
            counts("outputs", 20 * 20, 20 * 20 * 9, 0, 20 * 20),
            counts("packing", 20 * 9 * 3),
            counts("weights", filter * CEILINGS.weightSecondsPerByte(filter), 0),
            moved(4.0 * 20 * (24 + 160)),
            counts("memory", 0)),
        of(conv, new Shape(1, 18, 4, 5), 1, 0));
  }

  @Test
  void asManyOutputsAsLanesAreNotNarrow() {
    assertFeatures(
        all(
            counts("computing", 72, 0, 72, 0, 0),
            counts("tiles", 3, 3, 9),
            counts("outputs", 9, 9, 0, 0),
            counts("packing", 0),
            counts("weights", 256 * CEILINGS.weightSecondsPerByte(256), 0),
            moved(4.0 * 9 * 16),
            counts("memory", 0)),
        of(Conv2d.pointwise(8, 8).build(), new Shape(1, 8, 3, 3), 1, 0));
  }

  @Test
  void depthwiseOfEveryPixel() {
    assertFeatures(
        all(
            counts("computing", 27, 0),
            counts("tiles", 3, 3, 3, 3),
            counts("outputs", 9, 9, 0),
            counts("weights", 96 * CEILINGS.weightSecondsPerByte(96), 0),
            moved(4.0 * 9 * 16),
            counts("memory", 0)),
        of(Conv2d.depthwise(8).kernel(1, 3).same().build(), new Shape(1, 8, 3, 3), 1, 0));
  }
}
