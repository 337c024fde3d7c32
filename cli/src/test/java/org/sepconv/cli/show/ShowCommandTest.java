package org.sepconv.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Graph;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.cli.Ran;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cost.Cost;
import org.sepconv.graph.MobileNet;
import org.sepconv.onnx.OnnxWriter;
import tools.jackson.databind.JsonNode;

class ShowCommandTest {
  private static final Graph V2 = MobileNet.v2(32, 0.25);

  @TempDir Path folder;

  private static String[] small(String... more) {
    return Stream.concat(
            Stream.of("show", "mobilenet_v2", "--size=32", "--width=0.25", "-breference"),
            Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void printsTheGraphBeforeAndAfterAndWhatWasDone() {
    Cost cost = Cost.of(V2.problem());
    Ran ran =
        Ran.sepconv(small())
            .expectStatus(0)
            .expectOut("mobilenet_v2, width 0.25, weights random, seed 1")
            .expectOut("  in   input 1x3x32x32", "  out  classifier.1 1x1000x1x1")
            .expectOut("node ", "operation ", "inputs ", "output ", "MACs", "parameters")
            .expectOut(V2.nodes().size() + " nodes", Numbers.count(cost.macs()))
            .expectOut(Numbers.count(cost.parametersWithBias()))
            .expectOut("reference (named)", "fold batch norm: 152 -> 100 nodes")
            .expectOut("  features.0.1 is a part of features.0.0");
    String out = ran.out();
    List<String> lines = out.lines().toList();
    List<String> first = lines.stream().filter(line -> line.startsWith("features.0.")).toList();
    assertTrue(first.get(0).matches("features\\.0\\.0 +standard 3x3/2 +input +1x8x16x16 .*"), out);
    assertTrue(first.get(1).matches("features\\.0\\.1 +batch norm of 8 channels .*"), out);
    // After the passes, the first convolution has the name of its activation.
    assertTrue(first.getLast().matches("features\\.0\\.2 +standard 3x3/2 +input .*"), out);
    assertFalse(out.contains("of limit"), "nothing has run");
  }

  @Test
  void theDocumentSaysWhatBecameOfEveryNode() {
    JsonNode json = Ran.sepconv(small("--json=-", "--batch=2")).expectStatus(0).json();
    Cost cost = Cost.of(V2.problem());
    assertEquals("2x3x32x32", json.at("/before/inputs/0/shape").asString());
    assertEquals(2 * cost.macs(), json.at("/before/total/macs").asLong());
    assertEquals(2 * cost.macs(), json.at("/after/total/macs").asLong());
    assertEquals(V2.nodes().size(), json.at("/before/nodes").size());
    JsonNode norm = json.at("/before/nodes/1");
    assertEquals("features.0.1", norm.get("name").asString());
    assertEquals("elementwise", norm.get("kind").asString());
    assertEquals("mean, variance, gamma and beta of 8 channels", norm.at("/weights/0").asString());
    long macs = 0;
    List<String> left = new ArrayList<>();
    for (JsonNode node : json.at("/after/nodes")) {
      macs += node.at("/cost/macs").asLong();
      left.add(node.get("name").asString());
      node.get("absorbed").forEach(each -> left.add(each.asString()));
    }
    assertEquals(json.at("/after/total/macs").asLong(), macs);
    Set<String> due = new HashSet<>();
    V2.nodes().forEach(node -> due.add(node.name()));
    assertEquals(due, new HashSet<>(left));
    assertEquals(due.size(), left.size(), "none is a part of two");
    JsonNode first = json.at("/after/nodes/0");
    assertEquals("[\"features.0.0\",\"features.0.1\"]", first.get("absorbed").toString());
    assertEquals("[\"filter 8x3x3x3\",\"bias 8\"]", first.get("weights").toString());
    assertEquals("fold batch norm", json.at("/passes/0/pass").asString());
    assertTrue(json.get("run").isNull());
  }

  @Test
  void aProfileHasTheTimeOfEachPartAndMemory() {
    Ran ran = Ran.sepconv(small("--profile", "--time=0.001", "--json=-")).expectStatus(0);
    JsonNode run = ran.json().get("run");
    assertEquals(ran.json().at("/after/nodes").size(), run.at("/memory/steps").size());
    assertTrue(run.at("/memory/bytes").asLong() > 0);
    double sum = 0;
    for (JsonNode part : run.at("/profile/parts")) {
      sum += part.get("seconds").asDouble();
      assertTrue(part.get("predictedSeconds").asDouble() > 0);
    }
    assertEquals(sum, run.at("/profile/sumSeconds").asDouble(), 1e-9);
    Ran.sepconv(small("--profile", "--time=0.001"))
        .expectStatus(0)
        .expectOut("kernel ", "share", "of limit", "predicted ms", "f64-reference", "sum ")
        .expectOut("with its parts timed", "Between the nodes lie ", "most are in use at ");
  }

  @Test
  void aModelInOnnxIsShownAndItsNamesCannotCommandATerminal() throws Exception {
    Graph graph =
        Graph.builder("small")
            .input("x", Shape.of(2, 3, 4))
            .add("red\u001b[31m\nalarm", new Activate(Activation.TANH))
            .add("y", new Activate(Activation.TANH))
            .build();
    Path model = folder.resolve("m.onnx");
    OnnxWriter.write(graph.problem(), Weights.random(graph, 1), model);
    Ran ran =
        Ran.sepconv("show", model.toString(), "-breference")
            .expectStatus(0)
            .expectOut("m.onnx, ONNX of operator set", "red?[31m?alarm", "weights of the model")
            .expectOut("reference runs it as it is.");
    assertFalse(ran.out().contains("\u001b"), ran.out());
  }

  @Test
  void thePageIsWrittenWholeOrNotAtAll() throws Exception {
    Path page = folder.resolve("page.html");
    Files.writeString(page, "old");
    Ran.sepconv(small("--html", page.toString())).expectStatus(0).expectOut("drawn in " + page);
    String text = Files.readString(page);
    assertTrue(text.startsWith("<!doctype html>") && text.endsWith("</html>\n"), "it is whole");
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count(), "no temporary file is left");
    }
  }
}
