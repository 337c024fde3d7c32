package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Shape;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.cost.Cost;
import org.sepconv.reference.Reference;

/** Networks as rows, with runs far too short to tell anything about speed. */
class BenchNetworkTest {
  private static final BenchNetwork SMALL = new BenchNetwork("mobilenet_v2", 32, 0.25, 2);

  @Test
  void aForkIsToldInOneLine() throws IOException {
    assertEquals("network mobilenet_v2 32 0.25 2", SMALL.line());
    assertEquals(SMALL, Subject.parse(SMALL.line()));
    assertEquals(SMALL, new BenchNetwork("MobileNet-V2", 32, 0.25, 2));
  }

  @Test
  void everyBatchIsARow() {
    List<BenchNetwork> all =
        BenchNetwork.of(List.of("mobilenet_v1", "mobilenet_v2"), 64, 1, List.of(1, 8, 8));
    assertEquals(
        List.of("mobilenet_v1-b1", "mobilenet_v1-b8", "mobilenet_v2-b1", "mobilenet_v2-b8"),
        all.stream().map(BenchNetwork::name).toList());
    assertEquals(new Shape(8, 3, 64, 64), all.get(1).problem().source().shape());
  }

  @Test
  void refusesWhatThereIsNot() {
    assertRefused("there is no network 'resnet'", () -> new BenchNetwork("resnet", 64, 1, 1));
    assertRefused("batch is 0", () -> new BenchNetwork("mobilenet_v1", 64, 1, 0));
  }

  private static void assertRefused(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** What a wrong answer would look like is not accepted: another image, another network. */
  @Test
  void theAnswerIsThatOfTheseNumbers() {
    Reference.Result answer = SMALL.answer();
    float[] output;
    try (PreparedLayer prepared = Implementations.named("cpu[cold]").prepare(SMALL.workload(), 1)) {
      prepared.run();
      output = prepared.output();
    }
    assertEquals(0, wrong(answer, output));
    double largest = Arrays.stream(answer.values()).map(Math::abs).max().orElseThrow();
    assertEquals(BenchNetwork.TOLERANCE * largest, answer.bounds()[0], 1e-12);
    float[] otherOrder = new float[output.length];
    System.arraycopy(output, 1000, otherOrder, 0, 1000);
    System.arraycopy(output, 0, otherOrder, 1000, 1000);
    assertTrue(wrong(answer, otherOrder) > 1000, "the images differ by more than the tolerance");
  }

  private static long wrong(Reference.Result answer, float[] output) {
    long wrong = 0;
    for (int i = 0; i < output.length; i++) {
      wrong += answer.accepts(i, output[i]) ? 0 : 1;
    }
    return wrong;
  }

  /** From the plan to the rows, through real JVMs. */
  @Test
  void measuresANetworkAsItDoesLayers() throws IOException {
    BenchPlan plan =
        new BenchPlan(
            List.of(SMALL),
            List.of(Implementations.named("cpu[cold]"), Implementations.peer("onnxruntime")),
            1,
            1,
            new Pace(1, 10, 2, 10));
    BenchReport report = LayerBench.run(plan, (_, _, _, _) -> {}).report();
    assertEquals(List.of(), report.failures());
    LayerRow ours = report.rows().getFirst();
    LayerRow peer = report.rows().getLast();
    assertEquals("mobilenet_v2-b2", ours.layer());
    assertEquals("2x3x32x32", ours.input());
    Cost cost = Cost.of(SMALL.problem());
    assertEquals(cost.flops(), ours.flops());
    assertEquals(
        cost.weightBytes() + 4 * 2 * (3 * 32 * 32 + 1000), ours.bytes(), "each tensor once");
    assertEquals(peer.seconds() / ours.seconds(), ours.speedupOverBestPeer().orElseThrow());
    assertTrue(ours.errorOverBound() < 1 && peer.errorOverBound() < 1, report.rows()::toString);
  }
}
