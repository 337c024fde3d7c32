package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.machine.Processor;
import org.sepconv.reference.Reference;
import org.sepconv.timing.Quantiles;

/** The harness, with runs far too short to tell anything about speed. */
class LayerBenchTest {

  private static final ShapeCase SMALL =
      ShapeFile.parseLine("small separable in=8x6x6 out=8 padding=same bias=true");

  @Test
  void theBenchmarkBodyComputesTheRightAnswer() throws IOException {
    LayerBenchmark benchmark = new LayerBenchmark();
    benchmark.shape = SMALL.toString();
    benchmark.implementation = "cpu";
    benchmark.threads = 2;
    benchmark.setup(); // compares with the reference
    benchmark.run();
    benchmark.tearDown();
  }

  @Test
  void theMachineBenchmarksComputeWhatTheyCount() {
    Assumptions.assumeTrue(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "this JVM was started without jdk.incubator.vector");
    MachineBenchmark machine = new MachineBenchmark();
    machine.setup();
    // Sixteen times x = 0.999 x + 0.001 ends at 1, whatever it starts with.
    assertEquals(12f, machine.multiplyAdd(), 0.1f);
    // The sum of ones in one lane.
    float lanes = FloatVector.SPECIES_PREFERRED.length();
    assertEquals(MachineBenchmark.BYTES / 4 / lanes, machine.read());
  }

  /** From the plan to the rows, through real JVMs. */
  @Test
  void measuresInTurns() throws IOException {
    List<Implementation> implementations =
        List.of(Implementations.named("cpu[nchw,cold]"), Implementations.peer("onnxruntime"));
    BenchPlan plan =
        new BenchPlan(
            BenchLayer.of(List.of(SMALL), List.of(), List.of(Variant.GIVEN), 2),
            implementations,
            1,
            2,
            new Pace(1, 10, 2, 10));
    Listener listener = new Listener();
    PrintStream stdout = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    LayerBench.Results results;
    try {
      results = LayerBench.run(plan, listener);
    } finally {
      System.setOut(stdout);
    }
    assertEquals("", printed.toString(StandardCharsets.UTF_8), "stdout is for the results");
    assertTrue(
        listener.said.contains("small on cpu[nchw,cold]: WARNING: Using incubator modules"),
        () -> "what the JVMs print is passed on: " + listener.said);
    BenchReport report = results.report();
    assertEquals(List.of(), report.failures());
    assertEquals(
        List.of(
            "0/8 multiply-add peak",
            "1/8 read bandwidth",
            "2/8 reference of small",
            "2/8 small on cpu[nchw,cold]",
            "3/8 small on onnxruntime",
            "4/8 small on cpu[nchw,cold]",
            "5/8 small on onnxruntime",
            "6/8 multiply-add peak",
            "7/8 read bandwidth",
            "8/8 read bandwidth"),
        listener.steps);
    assertEquals(2, report.rows().size());
    LayerRow ours = report.rows().getFirst();
    LayerRow peer = report.rows().getLast();
    assertEquals("2x8x6x6", ours.input());
    assertEquals(2, ours.forkSeconds().size());
    assertEquals(Quantiles.median(ours.forkSeconds()), ours.seconds());
    assertTrue(ours.firstSeconds() > 0 && ours.prepareSeconds() > 0);
    assertTrue(ours.errorOverBound() <= 1);
    assertTrue(ours.predictedSeconds().isPresent() && peer.predictedSeconds().isEmpty());
    assertEquals(peer.seconds() / ours.seconds(), ours.speedupOverBestPeer().orElseThrow());
    assertEquals(Optional.empty(), peer.speedupOverBestPeer());
    assertEquals(
        2L * 2 * 6 * 6 * (8 * 9 + 8 * 8), ours.flops(), "two for each multiply-add, two images");
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    JmhResults.write(results.jmh(), new PrintStream(json, false, StandardCharsets.UTF_8));
    String text = json.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("\"forks\" : 2"), text);
    assertTrue(text.contains("\"implementation\" : \"cpu[nchw,cold]\""), text);
  }

  /** Keeps what it is told. */
  private static final class Listener implements LayerBench.Listener {
    final List<String> steps = new ArrayList<>();
    String said = "";

    @Override
    public void starting(int done, int total, String what, Optional<Duration> remaining) {
      steps.add(done + "/" + total + " " + what);
    }

    @Override
    public void said(String what, String text) {
      said += what + ": " + text;
    }
  }

  @Test
  void aLayerThatIsRefusedIsAFailureWithItsReason() throws IOException {
    BenchPlan plan =
        new BenchPlan(
            BenchLayer.of(List.of(SMALL), List.of(), List.of(Variant.GIVEN), 0),
            List.of(new Unknown()),
            1,
            1,
            new Pace(1, 10, 1, 10));
    BenchReport report = LayerBench.run(plan, (_, _, _, _) -> {}).report();
    assertEquals(List.of(), report.rows());
    BenchReport.Failure failure = report.failures().getFirst();
    assertEquals("small", failure.layer());
    assertTrue(failure.reason().contains("there is no backend 'tpu'"), failure.reason());
  }

  /** One that the fork does not find. */
  private record Unknown() implements Implementation {
    @Override
    public String name() {
      return "tpu";
    }

    @Override
    public boolean peer() {
      return true;
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public org.sepconv.bench.implementation.PreparedLayer prepare(Workload work, int threads) {
      throw new IllegalStateException("never called here");
    }
  }

  @Test
  void answersGoThroughFiles(@TempDir Path folder) throws IOException {
    Answer answer = Answer.compute(BenchLayer.given(SMALL));
    Path file = folder.resolve("answer");
    answer.write(file);
    Reference.Result read = Answer.read(file, SMALL.output()).expected();
    assertEquals(answer.expected().spec(), read.spec());
    assertArrayEquals(answer.expected().values(), read.values());
    assertArrayEquals(answer.expected().bounds(), read.bounds());
  }

  @Test
  void refusesPlansThatMeasureNothing() {
    List<BenchLayer> layers = BenchLayer.of(List.of(SMALL), List.of(), List.of(Variant.GIVEN), 0);
    List<Implementation> cpu = List.of(Implementations.named("cpu"));
    assertRefused("no layer", () -> new BenchPlan(List.of(), cpu, 1, 1, Pace.QUICK));
    assertRefused("no backend", () -> new BenchPlan(layers, List.of(), 1, 1, Pace.QUICK));
    assertRefused("forks is 0", () -> new BenchPlan(layers, cpu, 1, 0, Pace.QUICK));
    assertRefused(
        "'large'; there are: small",
        () -> BenchLayer.of(List.of(SMALL), List.of("large"), List.of(Variant.GIVEN), 0));
  }

  private static void assertRefused(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void saysOnWhichProcessor() {
    Environment here = Environment.here();
    assertEquals(Processor.here().describe(), here.cpu());
    assertTrue(here.toString().startsWith(here.cpu() + ", "), here.toString());
  }
}
