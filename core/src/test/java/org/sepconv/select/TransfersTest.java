package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.select.Devices.CONV;
import static org.sepconv.select.Devices.PROBLEM;
import static org.sepconv.select.Devices.SPEC;
import static org.sepconv.select.Devices.uncached;
import static org.sepconv.select.Devices.verdict;

import org.junit.jupiter.api.Test;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.select.Selection.Verdict;

/** A fast device behind a slow bus, and a slow one with the data at hand. */
class TransfersTest {
  private static final double BYTES_EACH_WAY = 4 * 100;

  private final Devices devices =
      new Devices()
          .add("cpu", 4, 4)
          .add(
              "gpu",
              1,
              1,
              // 2 ms each way
              backend ->
                  backend
                      .withBandwidth(BYTES_EACH_WAY / 2e-3)
                      .onTransfer(this::takeTwoMilliseconds));

  private void takeTwoMilliseconds() {
    devices.time.pass(2);
  }

  private Selection select(SelectionOptions how) {
    return devices.discover().select(PROBLEM, how);
  }

  private static double predicted(Selection selection, String id) {
    return ((Verdict.Predicted) verdict(selection, id)).prediction().seconds();
  }

  private static double measured(Selection selection, String id) {
    return ((Verdict.Measured) verdict(selection, id)).seconds();
  }

  @Test
  void countInPredictionsWhereTheDataIsElsewhere() {
    // Its own bandwidth bounds the run too: 4 ms instead of the 1 ms that computing takes.
    SelectionOptions there = SelectionOptions.predicted();
    double run = predicted(select(there), "gpu");
    Selection fromHost = select(there.withData(DataLocation.host()));
    assertEquals(run + 4e-3, predicted(fromHost, "gpu"), 1e-9);
    assertEquals("cpu", fromHost.chosen().id());
    String text = verdict(fromHost, "gpu").toString();
    assertTrue(text.contains("4.000 ms transfers"), text);
    Selection fromCpu = select(there.withData(DataLocation.device("cpu")));
    assertEquals(run + 4e-3, predicted(fromCpu, "gpu"), 1e-9);
    assertEquals(4e-3, predicted(fromCpu, "cpu"), 1e-9);
    Selection fromGpu = select(there.withData(DataLocation.device("gpu")));
    assertEquals(run, predicted(fromGpu, "gpu"), 1e-9);
    assertEquals(4e-3 + 4e-3, predicted(fromGpu, "cpu"), 1e-9);
  }

  @Test
  void areMeasuredWhereTheDataIsElsewhere() {
    Selection there = select(uncached());
    assertEquals("gpu", there.chosen().id());
    assertEquals(1e-3, measured(there, "gpu"), 1e-9);
    Selection fromHost = select(uncached().withData(DataLocation.host()));
    assertEquals("cpu", fromHost.chosen().id());
    assertEquals(1e-3 + 4e-3, measured(fromHost, "gpu"), 1e-9);
    assertEquals(4e-3, measured(fromHost, "cpu"), 1e-9);
    Selection fromGpu = select(uncached().withData(DataLocation.device("gpu")));
    assertEquals("gpu", fromGpu.chosen().id());
    assertEquals(1e-3, measured(fromGpu, "gpu"), 1e-9);
    assertEquals(4e-3 + 4e-3, measured(fromGpu, "cpu"), 1e-9);
  }

  @Test
  void countTheResidual() {
    Problem adding = Problem.of(CONV.withResidual(true), SPEC);
    SelectionOptions host = uncached().withData(DataLocation.host());
    Backends backends = devices.discover();
    assertEquals(1e-3 + 6e-3, measured(backends.select(adding, host), "gpu"), 1e-9);
    SelectionOptions there = SelectionOptions.predicted();
    double run = predicted(backends.select(adding, there), "gpu");
    Selection fromHost = backends.select(adding, there.withData(DataLocation.host()));
    assertEquals(run + 6e-3, predicted(fromHost, "gpu"), 1e-9);
  }

  @Test
  void countInTheOneCallForm() {
    float[] filter = new float[CONV.filterSize()];
    filter[0] = 3;
    float[] input = new float[100];
    input[0] = 5;
    float[] expected = new float[100];
    expected[0] = 15;
    Devices slowBus =
        new Devices()
            .add("cpu", 4, 4)
            .add("gpu", 3, 3, backend -> backend.withBandwidth(BYTES_EACH_WAY / 2e-3));
    try (Backends backends = slowBus.discover()) {
      assertArrayEquals(expected, backends.convolve(PROBLEM, ConvWeights.of(filter), input));
      assertEquals(1, slowBus.get("cpu").runs());
    }
  }
}
