package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Expect;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Calibrated.Transfer;
import org.sepconv.cost.Ceilings.Bandwidth;

/** Profiles fitted to devices whose time is known. */
class CalibratedTest {
  private static final DeviceProfile ESTIMATE =
      new DeviceProfile(
          "an estimate",
          1e9,
          1e9,
          1e-3,
          Map.of(
              KernelKind.STANDARD, 1.0,
              KernelKind.GROUPED, 1.0,
              KernelKind.DEPTHWISE, 1.0,
              KernelKind.POINTWISE, 1.0));

  private static final Ceilings CEILINGS = ESTIMATE.ceilings();

  private record Run(Convolution convolution, Shape input) {
    Problem problem() {
      return CalibratedTest.problem(convolution, input);
    }
  }

  private static Problem problem(Convolution convolution, Shape input) {
    return Problem.of(convolution, TensorSpec.nchw(input));
  }

  private static Run run(KernelKind kind, SplittableRandom random) {
    int in = 8 * random.nextInt(1, 33) + random.nextInt(2);
    int out = 8 * random.nextInt(1, 33) + random.nextInt(2);
    int size = random.nextInt(7, 60);
    int kernel = 1 + 2 * random.nextInt(1, 3);
    int stride = random.nextInt(1, 3);
    Convolution convolution =
        switch (kind) {
          case STANDARD -> Conv2d.of(in, out).kernel(kernel).stride(stride).same().build();
          case GROUPED -> Conv2d.of(in / 8 * 8, out / 8 * 8).groups(4).kernel(3).same().build();
          case DEPTHWISE -> Conv2d.depthwise(in).kernel(kernel).stride(stride).same().build();
          case POINTWISE -> Conv2d.pointwise(in, out).build();
          case SEPARABLE ->
              SeparableConv2d.of(in, out).kernel(kernel).stride(stride).same().build();
          case TRANSPOSED, POOLING, ELEMENTWISE, MATRIX, REARRANGEMENT, GRAPH ->
              throw new IllegalArgumentException(kind + " is not fitted");
        };
    return new Run(convolution, Shape.of(convolution.inChannels(), size, size));
  }

  private static DeviceProfile fitted(KernelKind kind, int threads, ToDoubleFunction<Run> clock) {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> points = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Run run = run(kind, random);
      points.add(new Observation(run.problem(), clock.applyAsDouble(run)));
    }
    return ESTIMATE.withCalibrated(
        "measured", new Calibrated(threads, CEILINGS, Optional.empty(), points));
  }

  /** 20 microseconds, a nanosecond for every 100 MACs, and a nanosecond for every 10 bytes. */
  private static double additive(Run run) {
    Cost cost = Cost.of(run.convolution, run.input);
    return 20e-6 + 1e-11 * cost.macs() + 1e-10 * (cost.inputBytes() + cost.outputBytes());
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "GROUPED", "DEPTHWISE", "POINTWISE", "SEPARABLE"})
  void operationsThatWereNotMeasuredArePredicted(KernelKind kind) {
    DeviceProfile profile = fitted(kind, 1, CalibratedTest::additive);
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 50; i++) {
      Run run = run(kind, random);
      Prediction prediction = CostModel.predict(run.problem(), profile);
      double expected = additive(run);
      assertEquals(expected, prediction.seconds(), 0.03 * expected, () -> run + ": " + prediction);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void vectorsThatAreNotFullAreFoundInTheMeasurements(int lanes) {
    ToDoubleFunction<Run> clock =
        run -> {
          Conv2d conv = (Conv2d) run.convolution;
          double vectors = Math.ceilDiv(conv.outChannels(), lanes);
          return 1e-6 + 1e-9 * run.input.h() * run.input.w() * conv.inChannels() * vectors;
        };
    DeviceProfile profile = fitted(KernelKind.POINTWISE, 1, clock);
    Run full = new Run(Conv2d.pointwise(64, 128).build(), Shape.of(64, 28, 28));
    Run oneMore = new Run(Conv2d.pointwise(64, 129).build(), Shape.of(64, 28, 28));
    for (Run run : List.of(full, oneMore)) {
      double expected = clock.applyAsDouble(run);
      double predicted = CostModel.predict(run.problem(), profile).seconds();
      assertEquals(expected, predicted, 0.01 * expected);
    }
  }

  @Test
  void rowsThatThreadsCannotShareEvenlyCost() {
    ToDoubleFunction<Run> clock =
        run ->
            1e-9
                * Math.ceilDiv(run.input.h(), 4)
                * run.input.w()
                * run.convolution.inChannels()
                * run.convolution.outChannels();
    DeviceProfile profile = fitted(KernelKind.POINTWISE, 4, clock);
    Run even = new Run(Conv2d.pointwise(64, 64).build(), Shape.of(64, 8, 50));
    Run uneven = new Run(Conv2d.pointwise(64, 64).build(), Shape.of(64, 9, 50));
    double ratio =
        CostModel.predict(uneven.problem(), profile).seconds()
            / CostModel.predict(even.problem(), profile).seconds();
    assertEquals(1.5, ratio, 0.05);
  }

  @Test
  void termsAddUpAndTheLargestBounds() {
    DeviceProfile profile = fitted(KernelKind.STANDARD, 1, CalibratedTest::additive);
    Conv2d conv = Conv2d.of(128, 128).kernel(3).same().build();
    Prediction prediction = CostModel.predict(problem(conv, Shape.of(128, 28, 28)), profile);
    double sum = prediction.terms().stream().mapToDouble(Term::seconds).sum();
    assertEquals(prediction.seconds(), sum, 1e-12);
    assertEquals("computing", prediction.bound());
    // 128 x 128 x 9 x 28 x 28 MACs, 100 each nanosecond.
    assertEquals(1.156e-3, prediction.terms().getFirst().seconds(), 0.03e-3);
    assertTrue(
        prediction.explanation().matches("computing-bound: 1[.]1\\d\\d ms computing, .*"),
        prediction::explanation);
    for (Term term : prediction.terms()) {
      assertTrue(prediction.explanation().contains(term.name()), prediction::explanation);
    }
    assertTrue(prediction.explanation().matches(".*measured neighbours x\\d\\.\\d\\d"));
  }

  @Test
  void whatMovesIsBoundByTheLevelThatHoldsIt() {
    Ceilings ceilings =
        new Ceilings(
            1e-6,
            1e11,
            List.of(
                new Bandwidth(100_000, 100e9),
                new Bandwidth(500_000, 20e9),
                new Bandwidth(1_000_000, 20e9),
                new Bandwidth(10_000_000, 5e9)));
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> points = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Conv2d copy = Conv2d.depthwise(16).kernel(1).build();
      Shape input = Shape.of(16, random.nextInt(1, 200), random.nextInt(1, 200));
      points.add(new Observation(problem(copy, input), moved(input, ceilings)));
    }
    DeviceProfile profile =
        ESTIMATE.withCalibrated("measured", new Calibrated(1, ceilings, Optional.empty(), points));
    for (var expected : Map.of(60, "cache 2", 170, "memory").entrySet()) {
      Shape input = Shape.of(16, expected.getKey(), expected.getKey());
      Prediction prediction =
          CostModel.predict(problem(Conv2d.depthwise(16).kernel(1).build(), input), profile);
      assertEquals(expected.getValue(), prediction.bound(), prediction::explanation);
      double seconds = moved(input, ceilings);
      assertEquals(seconds, prediction.seconds(), 0.1 * seconds);
    }
  }

  private static double moved(Shape input, Ceilings ceilings) {
    double bytes = 2 * input.bytes();
    return 1e-9 + bytes * ceilings.secondsPerByte(bytes);
  }

  @Test
  void whatNoFeatureKnowsIsLearntFromNeighbours() {
    // Large kernels are half as fast again: no feature has that.
    ToDoubleFunction<Run> odd =
        run -> additive(run) * (((Conv2d) run.convolution).kernelH() == 5 ? 1.5 : 1);
    DeviceProfile profile = fitted(KernelKind.DEPTHWISE, 1, odd);
    SplittableRandom random = new SplittableRandom(9);
    double worst = 0;
    for (int i = 0; i < 50; i++) {
      Run run = run(KernelKind.DEPTHWISE, random);
      double predicted = CostModel.predict(run.problem(), profile).seconds();
      worst = Math.max(worst, Math.abs(predicted / odd.applyAsDouble(run) - 1));
    }
    assertTrue(worst < 0.1, "worst error " + worst);
  }

  @Test
  void kindsThatWereNotMeasuredKeepTheEstimate() {
    DeviceProfile profile = fitted(KernelKind.STANDARD, 1, CalibratedTest::additive);
    Conv2d conv = Conv2d.pointwise(10, 10).build();
    Problem problem = problem(conv, Shape.of(10, 10, 10));
    assertEquals(CostModel.predict(problem, ESTIMATE), CostModel.predict(problem, profile));
  }

  @Test
  void aFewGroupedPointsArePredictedWithTheStandardOnes() {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> points = new ArrayList<>();
    for (int i = 0; i < 56; i++) {
      Run run = run(i < 50 ? KernelKind.STANDARD : KernelKind.GROUPED, random);
      points.add(new Observation(run.problem(), additive(run)));
    }
    DeviceProfile profile =
        ESTIMATE.withCalibrated("measured", new Calibrated(1, CEILINGS, Optional.empty(), points));
    for (int i = 0; i < 50; i++) {
      Run run = run(KernelKind.GROUPED, random);
      Prediction prediction = CostModel.predict(run.problem(), profile);
      double expected = additive(run);
      assertEquals(expected, prediction.seconds(), 0.1 * expected, () -> run + ": " + prediction);
    }
  }

  @Test
  void operationsWithoutAFitKeepTheEstimate() {
    List<Observation> points = new ArrayList<>();
    for (int size = 1; size <= 9; size++) {
      TensorSpec spec = TensorSpec.nchw(Shape.of(8, size, size));
      points.add(new Observation(Problem.of(Binary.add(), List.of(spec, spec)), 1e-3 * size));
      points.add(
          new Observation(Problem.of(Reduce.globalAveragePool(), List.of(spec)), 1e-3 * size));
    }
    Calibrated model = new Calibrated(1, CEILINGS, Optional.empty(), points);
    DeviceProfile profile = ESTIMATE.withCalibrated("measured", model);
    for (Observation point : points) {
      assertEquals(Optional.empty(), model.predict(point.problem(), 0));
      assertTrue(CostModel.predict(point.problem(), profile).seconds() > 0);
    }
    assertEquals(
        ESTIMATE.efficiency(KernelKind.POOLING),
        profile.efficiency(KernelKind.POOLING),
        "a mean over pixels has no FLOPs, and so no share of the peak");
  }

  @Test
  void partsOfANetworkTakeLongerThanAlone() {
    Graph graph =
        Graph.builder("two")
            .input("x", Shape.of(16, 20, 20))
            .add("a", Conv2d.pointwise(16, 32).build())
            .add("b", Conv2d.pointwise(32, 8).build())
            .build();
    Calibrated model = new Calibrated(1, CEILINGS, Optional.empty(), List.of());
    DeviceProfile alone = ESTIMATE.withCalibrated("measured", model);
    DeviceProfile both = ESTIMATE.withCalibrated("measured", model.withInNetworks(1.25));
    Problem network = graph.problem();
    double sum = CostModel.predict(network, alone).seconds();
    Prediction longer = CostModel.predict(network, both);
    assertEquals(1.25 * sum, longer.seconds(), 1e-12);
    assertTrue(
        longer.terms().stream().anyMatch(term -> term.name().equals(CostModel.IN_A_NETWORK)),
        longer::toString);
    Problem first = graph.steps(network).getFirst().problem();
    assertEquals(CostModel.predict(first, alone), CostModel.predict(first, both));
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      Expect.refused(() -> model.withInNetworks(wrong), "takes " + wrong);
    }
  }

  @Test
  void transfersAreWhatWasMeasured() {
    assertEquals(1e-3 + 2e-3, CostModel.transferSeconds(2_000_000, ESTIMATE), 1e-12);
    Calibrated model =
        new Calibrated(1, CEILINGS, Optional.of(new Transfer(1e-5, 1e10)), List.of());
    DeviceProfile profile = ESTIMATE.withCalibrated("measured", model);
    assertEquals(1e-5 + 2e-4, CostModel.transferSeconds(2_000_000, profile), 1e-12);
  }

  @Test
  void senselessNumbersAreRefused() {
    Problem problem = problem(Conv2d.pointwise(3, 3).build(), Shape.of(3, 4, 4));
    for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      Expect.refused(() -> new Observation(problem, wrong), "took " + wrong);
      Expect.refused(() -> new Transfer(0, wrong), "" + wrong);
    }
    Expect.nullRefused(() -> new Observation(null, 1), "problem");
    Expect.refused(() -> new Transfer(Double.POSITIVE_INFINITY, 1), "Infinity s");
    Expect.refused(() -> new Calibrated(0, CEILINGS, Optional.empty(), List.of()), "threads is 0");
    Expect.refused(() -> new Transfer(-1, 1), "-1");
    Expect.refused(() -> new Term("x", Double.NaN), "NaN");
    Expect.refused(() -> new Prediction(-1, "x", List.of(), ""), "-1");
  }

  private static final Shape IMAGE = Shape.of(10, 10, 10);

  /** 20,000 FLOPs: 20 microseconds at the peak. */
  private static final Problem SMALL = problem(Conv2d.pointwise(10, 10).build(), IMAGE);

  @Test
  void theShareOfThePeakIsThatOfThreeInFour() {
    List<Observation> points = new ArrayList<>();
    for (double microseconds : new double[] {100, 40, 200, 80}) {
      points.add(new Observation(SMALL, microseconds * 1e-6));
    }
    Calibrated model = new Calibrated(3, CEILINGS, Optional.empty(), points);
    DeviceProfile profile = ESTIMATE.withCalibrated("measured", model);
    assertEquals(0.25, profile.efficiency(KernelKind.POINTWISE), 1e-12);
    assertEquals(1, profile.efficiency(KernelKind.DEPTHWISE), "as estimated");
    assertEquals(3, model.threads());
    assertEquals(points, model.observations());
    Observation fast = new Observation(SMALL, 10e-6);
    Calibrated faster = new Calibrated(1, CEILINGS, Optional.empty(), List.of(fast));
    assertEquals(
        1,
        ESTIMATE.withCalibrated("", faster).efficiency(KernelKind.POINTWISE),
        "at most the peak");
  }

  @Test
  void fourPointsAreFitted() {
    List<Observation> points = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      Problem problem = problem(Conv2d.pointwise(10, 10).build(), Shape.of(10, 10 * i, 10));
      assertEquals(
          Optional.empty(),
          new Calibrated(1, CEILINGS, Optional.empty(), points).predict(problem, 0));
      points.add(new Observation(problem, i * 100e-6));
    }
    Problem third = points.get(2).problem();
    Prediction prediction =
        new Calibrated(1, CEILINGS, Optional.empty(), points).predict(third, 0).orElseThrow();
    assertEquals(300e-6, prediction.seconds(), 3e-6);
  }

  @Test
  void pointsOfOtherKindsSayNothing() {
    SplittableRandom random = new SplittableRandom(7);
    List<Observation> alone = new ArrayList<>();
    List<Observation> mixed = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Run pointwise = run(KernelKind.POINTWISE, random);
      alone.add(new Observation(pointwise.problem(), additive(pointwise)));
      Run standard = run(KernelKind.STANDARD, random);
      mixed.add(new Observation(standard.problem(), 10 * additive(standard)));
    }
    mixed.addAll(alone);
    Calibrated model = new Calibrated(1, CEILINGS, Optional.empty(), mixed);
    assertEquals(
        new Calibrated(1, CEILINGS, Optional.empty(), alone).predict(SMALL, 0),
        model.predict(SMALL, 0));
    Conv2d grouped = Conv2d.of(10, 10).groups(2).kernel(3).same().build();
    assertEquals(Optional.empty(), model.predict(problem(grouped, IMAGE), 0));
  }

  /** Where the last vector is not full, kernels are slower than their counts say. */
  @Test
  void wasteOfTheLastVectorIsLearntFromNeighbours() {
    ToDoubleFunction<Run> odd =
        run -> additive(run) * (run.convolution.outChannels() % 8 == 0 ? 1 : 1.6);
    DeviceProfile profile = fitted(KernelKind.POINTWISE, 1, odd);
    for (int out : new int[] {64, 65, 192, 193}) {
      Run run = new Run(Conv2d.pointwise(128, out).build(), Shape.of(128, 30, 30));
      double expected = odd.applyAsDouble(run);
      double predicted = CostModel.predict(run.problem(), profile).seconds();
      assertEquals(expected, predicted, 0.1 * expected, out + " channels");
    }
  }
}
