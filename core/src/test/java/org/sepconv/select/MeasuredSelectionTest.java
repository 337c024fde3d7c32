package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.select.Devices.CONV;
import static org.sepconv.select.Devices.PROBLEM;
import static org.sepconv.select.Devices.SPEC;
import static org.sepconv.select.Devices.uncached;
import static org.sepconv.select.Devices.verdict;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.FakeBackend;

class MeasuredSelectionTest {
  private final Devices devices = new Devices();

  private static Verdict.Measured measured(Selection selection, String id) {
    return assertInstanceOf(Verdict.Measured.class, verdict(selection, id));
  }

  @Test
  void theFastestIsChosenWhateverWasPredicted() {
    Selection selection = devices.add("cpu", 1, 3).add("gpu", 2, 2).measure();
    assertEquals("gpu", selection.chosen().id());
    assertEquals("shortest measured time", selection.reason());
    assertEquals(3e-3, measured(selection, "cpu").seconds(), 1e-12);
    assertEquals(2e-3, measured(selection, "gpu").seconds(), 1e-12);
    assertEquals(1e-3, measured(selection, "cpu").prediction().seconds(), 1e-12);
    String text = selection.describe();
    assertTrue(text.startsWith("gpu (shortest measured time)"), text);
    assertTrue(
        text.contains("cpu: measured 3.000 ms in 5 rounds; predicted 1.000 ms (compute-bound"),
        text);
  }

  @Test
  void predictionDecidesUnlessAskedOtherwise() {
    devices.add("cpu", 1, 3).add("gpu", 2, 2);
    assertEquals("cpu", devices.discover().select(PROBLEM).chosen().id());
    assertEquals(0, devices.get("cpu").runs());
  }

  @Test
  void aSeparableOneWithBiasAndBatchIsTriedToo() {
    SeparableConv2d separable = SeparableConv2d.of(3, 5).same().bias().relu6().build();
    Selection selection =
        devices
            .add("cpu", 1, 3)
            .add("gpu", 2, 2)
            .discover()
            .select(Problem.of(separable, TensorSpec.nhwc(new Shape(2, 3, 4, 4))), uncached());
    assertEquals("gpu", selection.chosen().id());
  }

  @Test
  void itEndsWhenOneIsClearlyAhead() {
    Selection selection = devices.add("cpu", 1, 1).add("gpu", 1, 2).measure();
    assertEquals(5, measured(selection, "cpu").rounds());
    assertEquals(5, measured(selection, "gpu").rounds());
    assertTrue(devices.time.milliseconds() < 1000, () -> "" + devices.time.milliseconds());
  }

  @Test
  void thoseThatAreClearlyBehindLeaveTheOthersToIt() {
    Selection selection = devices.add("cpu", 1, 1).add("gpu", 1, 1).add("slow", 1, 1.5).measure();
    assertEquals(5, measured(selection, "slow").rounds());
    assertTrue(measured(selection, "cpu").rounds() > 20, selection::describe);
  }

  @Test
  void twoThatAreEquallyFastGetAllTheirTimeAndTheBetterPredictionWins() {
    devices.add("cpu", 2, 1).add("gpu", 1, 1);
    Selection selection = devices.measure();
    assertEquals("gpu", selection.chosen().id());
    double warmUp = 500;
    assertEquals(warmUp + 2000, devices.time.milliseconds(), 150);
    Duration shorter = Duration.ofMillis(500);
    double before = devices.time.milliseconds();
    devices.discover().select(PROBLEM, uncached().withTrialTime(shorter));
    assertEquals(warmUp + 1000, devices.time.milliseconds() - before, 150);
  }

  @Test
  void oneDisturbedRoundChangesNothing() {
    AtomicInteger runs = new AtomicInteger();
    Consumer<FakeBackend> disturbed =
        backend ->
            backend.onRun(() -> devices.time.pass(runs.incrementAndGet() % 700 < 30 ? 5 : 1));
    Selection selection = devices.add("cpu", 1, 1, disturbed).add("gpu", 1, 1.2).measure();
    assertEquals("cpu", selection.chosen().id());
    assertEquals(1e-3, measured(selection, "cpu").seconds(), 1e-12);
  }

  @Test
  void whatIsCompiledStepByStepIsNotJudgedOnTheWay() {
    double[] steps = {50, 5, 1.6, 0.6, 0.3, 0.2};
    Consumer<FakeBackend> compiling =
        backend ->
            backend.onRun(
                () -> {
                  int step = (int) (devices.time.milliseconds() / 300);
                  devices.time.pass(steps[Math.min(step, steps.length - 1)]);
                });
    Selection selection =
        devices.add("native", 1, 0.3).add("jit", 1, 1, compiling).add("gpu", 1, 0.4).measure();
    assertEquals("jit", selection.chosen().id());
    assertEquals(0.2e-3, measured(selection, "jit").seconds(), 1e-9);
  }

  @Test
  void whatStillBecomesFasterStaysInTheRace() {
    Consumer<FakeBackend> late =
        backend ->
            backend.onRun(
                () -> {
                  double since = Math.max(0, devices.time.milliseconds() - 580);
                  devices.time.pass(Math.max(1, 4 * Math.pow(0.95, since / 40)));
                });
    Selection selection = devices.add("cpu", 1, 1.5).add("late", 1, 1, late).measure();
    assertEquals("late", selection.chosen().id());
    assertEquals(1e-3, measured(selection, "late").seconds(), 1e-9);
  }

  @Test
  void theFirstRunDoesNotCount() {
    AtomicInteger first = new AtomicInteger();
    devices.add(
        "compiled",
        1,
        1,
        backend -> backend.onRun(() -> devices.time.pass(first.incrementAndGet() == 1 ? 5000 : 1)));
    Selection other = devices.add("cpu", 1, 1.5).measure();
    assertEquals("compiled", other.chosen().id());
  }

  @Test
  void theTwoBestPredictionsAreTriedAndAThirdIfItIsClose() {
    Selection selection =
        devices.add("a", 1, 4).add("b", 30, 3).add("c", 40, 2).add("d", 50, 1).measure();
    assertEquals("b", selection.chosen().id());
    Verdict.NotTried spared = assertInstanceOf(Verdict.NotTried.class, verdict(selection, "c"));
    assertEquals("its prediction is 40.0 times the shortest", spared.reason());
    assertEquals(
        "not tried: its prediction is 50.0 times the shortest; predicted 50.000 ms",
        verdict(selection, "d").toString().split(" \\(")[0]);
    assertEquals(0, devices.get("c").runs());

    Devices close = new Devices();
    Selection three = close.add("a", 1, 4).add("b", 2, 3).add("c", 2.9, 2).add("d", 3, 1).measure();
    assertEquals("c", three.chosen().id());
    assertInstanceOf(Verdict.NotTried.class, verdict(three, "d"));
    Devices far = new Devices();
    Selection two = far.add("a", 1, 4).add("b", 2, 3).add("c", 3.1, 2).measure();
    assertEquals("b", two.chosen().id());
  }

  @Test
  void nothingRunsWhereOnlyOneCan() {
    devices.add("cpu", 1, 1).add("gpu", 1, 1, backend -> backend.unsupporting("too wide"));
    Selection selection = devices.measure();
    assertEquals("cpu", selection.chosen().id());
    assertEquals("the only one that can run it", selection.reason());
    assertEquals(0, devices.get("cpu").runs());
    assertInstanceOf(Verdict.Unsupported.class, verdict(selection, "gpu"));
  }

  @Test
  void aRunThatTakesAllTheTimeIsNotRepeated() {
    Selection selection = devices.add("snail", 1, 60_000).add("cpu", 2, 1).measure();
    assertEquals("cpu", selection.chosen().id());
    assertEquals(2, devices.get("snail").runs(), "once to prepare, once to know");
    assertEquals(60, measured(selection, "snail").seconds(), 1e-9);
    assertEquals(0, measured(selection, "snail").rounds());
  }

  @Test
  void aClockThatStandsStillEndsTheTrialToo() {
    Devices still = new Devices();
    AtomicInteger runs = new AtomicInteger();
    // Time passes only after many runs, as with a coarse clock and a tiny convolution.
    Consumer<FakeBackend> coarse =
        backend -> backend.onRun(() -> still.time.pass(runs.incrementAndGet() % 500 == 0 ? 50 : 0));
    Selection selection = still.add("a", 1, 0, coarse).add("b", 1, 10).measure();
    assertEquals("a", selection.chosen().id());
  }

  static Stream<Consumer<FakeBackend>> faults() {
    Runnable failure =
        () -> {
          throw new BackendException("bad", "out of resources (-5)");
        };
    Runnable unlinked =
        () -> {
          throw new UnsatisfiedLinkError("out of resources (-5)");
        };
    Runnable exhausted =
        () -> {
          throw new OutOfMemoryError("out of resources (-5)");
        };
    AtomicInteger runs = new AtomicInteger();
    return Stream.of(
        backend -> backend.onPrepare(failure),
        backend -> backend.onPrepare(unlinked),
        backend -> backend.onPrepare(exhausted),
        backend -> backend.onTransfer(failure),
        backend -> backend.onRun(failure),
        backend -> backend.onRelease(failure),
        backend ->
            backend.onRun(
                () -> {
                  if (runs.incrementAndGet() == 100) {
                    failure.run();
                  }
                }));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void oneThatFailsDoesNotHideTheOthers(Consumer<FakeBackend> fault) {
    Consumer<FakeBackend> timed = backend -> backend.onRun(devices.time.taking(0.5));
    Selection selection = devices.add("bad", 1, 1, timed.andThen(fault)).add("cpu", 2, 1).measure();
    assertEquals("cpu", selection.chosen().id());
    String text = verdict(selection, "bad").toString();
    assertTrue(text.startsWith("failed when it was tried: ") && text.contains("(-5)"), text);
  }

  @Test
  void whereAllFailTheNextOnesAreTried() {
    Consumer<FakeBackend> broken =
        backend ->
            backend.onRun(
                () -> {
                  throw new BackendException(backend.device().id(), "lost");
                });
    devices.add("a", 1, 1, broken).add("b", 2, 1, broken).add("c", 90, 1).add("d", 99, 2);
    Selection selection = devices.measure();
    assertEquals("c", selection.chosen().id());
    assertInstanceOf(Verdict.Failed.class, verdict(selection, "a"));
    assertInstanceOf(Verdict.Measured.class, verdict(selection, "d"));
    Devices none = new Devices().add("a", 1, 1, broken).add("b", 2, 1, broken);
    Expect.failure(
        BackendException.class,
        none::measure,
        "no backend can run " + CONV,
        "a: failed when it was tried: ",
        "b: failed when it was tried: ",
        "lost");
  }

  @Test
  void anOperationWithoutWeightsIsTriedToo() {
    Consumer<FakeBackend> learnt = FakeBackend::addsTensors;
    Selection selection =
        devices
            .add("cpu", 1, 3, learnt)
            .add("gpu", 2, 2, learnt)
            .discover()
            .select(
                Problem.of(Binary.add(), List.of(SPEC, SPEC)),
                uncached().withData(DataLocation.host()));
    assertEquals("gpu", selection.chosen().id());
    assertEquals(4, devices.get("gpu").closed(), "two inputs, one output, prepared");
  }

  @Test
  void everythingIsGivenBack() {
    devices
        .add("cpu", 1, 1)
        .add("gpu", 1, 2)
        .discover()
        .select(PROBLEM, uncached().withData(DataLocation.device("cpu")));
    assertEquals(3, devices.get("gpu").closed(), "source, destination, prepared");
    assertEquals(5, devices.get("cpu").closed(), "the same, and the two tensors with the data");
  }

  @Test
  void aMistakeOfTheCallerIsNoReason() {
    Backends backends = devices.add("cpu", 1, 1).add("gpu", 1, 1).discover();
    Expect.nullRefused(() -> backends.select(null, uncached()), "problem");
    Expect.refused(
        () -> SelectionOptions.measured().withTrialTime(Duration.ZERO), "trial time is PT0S");
    SelectionOptions unknown = uncached().withData(DataLocation.device("tpu"));
    Expect.refused(() -> backends.select(PROBLEM, unknown), "there is no backend 'tpu'");
  }

  @Test
  void otherConvolutionsOnTheSameDevicesAreOtherTrials() {
    devices.add("cpu", 1, 1).add("gpu", 1, 2);
    Backends backends = devices.discover();
    SelectionOptions how = SelectionOptions.measured().withCache(SelectionCache.inMemory());
    for (Conv2d conv : List.of(CONV, CONV.toBuilder().bias().build())) {
      int before = devices.get("cpu") == null ? 0 : devices.get("cpu").runs();
      backends.select(Problem.of(conv, SPEC), how);
      assertTrue(devices.get("cpu").runs() > before);
    }
  }
}
