package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.ModelFile;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.cases.Agreement;
import org.sepconv.onnx.OnnxWriter;
import org.sepconv.reference.Reference;

/** Models of files as rows, with runs far too short to tell anything about speed. */
class BenchModelTest {
  @TempDir private Path folder;

  /** With two outputs, so that both are seen to be compared. */
  private BenchModel model() throws IOException {
    Graph graph =
        Graph.builder("two")
            .input("x", Shape.of(3, 12, 10))
            .add("a", Conv2d.of(3, 5).same().bias().build(), "x")
            .add("b", new Activate(Activation.RELU), "a")
            .build("a", "b");
    Path file = folder.resolve("two of them.onnx");
    Files.write(file, OnnxWriter.toBytes(graph.problem(), Weights.random(graph, 1)));
    return BenchModel.read(file, BenchModel.dimensions("1x3x12x10"));
  }

  @Test
  void aForkIsToldInOneLine() throws IOException {
    BenchModel model = model();
    assertEquals("model 1x3x12x10 " + folder.resolve("two of them.onnx"), model.line());
    assertEquals(model.line(), Subject.parse(model.line()).line());
    assertEquals("two_of_them-1x3x12x10", model.name());
    assertEquals(List.of(List.of(1, 3), List.of(4)), BenchModel.dimensions("1x3,4"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> BenchModel.dimensions("1x3xW"))
            .getMessage();
    assertTrue(message.contains("'1x3xW'"), message);
  }

  @Test
  void everyOutputIsCompared() throws IOException {
    BenchModel model = model();
    Reference.Result answer = model.answer();
    assertEquals(2 * 5 * 12 * 10, answer.values().length);
    ModelFile file = model.workload().file().orElseThrow();
    assertTrue(file.readSeconds() > 0);
    float[] given;
    try (PreparedLayer prepared =
        Implementations.named("cpu[nchw,cold]").prepare(model.workload(), 1)) {
      prepared.run();
      given = model.given(prepared);
    }
    assertTrue(Agreement.of(answer, given).errorOverBound() <= 1);
    given[given.length - 1] += 1;
    assertTrue(Agreement.of(answer, given).errorOverBound() > 100, "the last of the second output");
  }

  /** From the plan to the rows, through real JVMs. */
  @Test
  void measuresAModelBesideOnnxRuntimeOnTheSameFile() throws IOException {
    BenchModel model = model();
    BenchPlan plan =
        new BenchPlan(
            List.of(model),
            List.of(Implementations.named("cpu[nchw,cold]"), Implementations.peer("onnxruntime")),
            1,
            1,
            new Pace(1, 10, 2, 10));
    BenchReport report = LayerBench.run(plan, (_, _, _, _) -> {}).report();
    assertEquals(List.of(), report.failures());
    assertEquals(
        List.of(model.name(), model.name()), report.rows().stream().map(LayerRow::layer).toList());
    LayerRow peer = report.rows().getLast();
    assertEquals(0, peer.errorOverBound(), "it is its own answer");
    assertTrue(report.rows().getFirst().errorOverBound() <= 1);
  }
}
