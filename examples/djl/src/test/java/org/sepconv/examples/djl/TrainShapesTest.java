package org.sepconv.examples.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.files.StateDict;
import org.sepconv.select.Backends;
import org.sepconv.spi.Prepared;

/** It learns, and what it has learned is the same in Sepconv. */
class TrainShapesTest {
  private static final Pattern LOSS = Pattern.compile("epoch \\d: loss (\\d+\\.\\d+)");

  @TempDir private static Path folder;
  private static Path file;
  private static String printed;

  @BeforeAll
  static void train() throws IOException {
    PyTorchTests.require();
    file = folder.resolve("shapes.safetensors");
    printed = run(file);
  }

  private static String run(Path target) throws IOException {
    PrintStream stdout = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      TrainShapes.main(new String[] {target.toString()});
    } finally {
      System.setOut(stdout);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static double number(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(printed);
    assertTrue(matcher.find(), printed);
    return Double.parseDouble(matcher.group(1));
  }

  @Test
  void theLossFalls() {
    List<Double> losses =
        LOSS.matcher(printed)
            .results()
            .map((MatchResult found) -> Double.parseDouble(found.group(1)))
            .toList();
    assertEquals(4, losses.size(), printed);
    // Guessing gives ln 4, 1.386.
    assertTrue(losses.getFirst() < 1.3, printed);
    assertTrue(losses.getLast() < losses.getFirst() / 4, printed);
  }

  @Test
  void picturesThatItHasNotSeenAreRight() {
    assertTrue(number("DJL: (\\d+\\.\\d) % right") > 95, printed);
  }

  @Test
  void sepconvAnswersTheSame() {
    assertEquals(number("DJL: (\\d+\\.\\d) % right"), number("Sepconv: (\\d+\\.\\d) % right"));
    double most = number("outputs differ by (\\d\\.\\de[-+]\\d+) at most");
    assertTrue(most < 1e-3, printed);
    assertTrue(most > 0, "the two sum in different orders: were they compared at all?");
  }

  @Test
  void theSameSeedGivesTheSameNetwork() throws IOException {
    Path again = folder.resolve("again.safetensors");
    assertEquals(printed, run(again));
    assertEquals(-1, Files.mismatch(file, again));
  }

  /** Norms and activations are part of the convolutions, and each pair is one operation. */
  @Test
  void whatIsPreparedIsFused() throws IOException {
    Graph graph = ShapesNetwork.graph();
    GraphWeights weights = StateDict.read(file).weights(graph, ShapesNetwork.EPSILON);
    TensorSpec spec = new TensorSpec(graph.inputs().getFirst().shape(), Layout.NCHW);
    try (Backends backends = Backends.discover();
        Prepared prepared =
            backends.backend("cpu").prepare(Problem.of(graph, List.of(spec)), weights)) {
      assertEquals(
          6,
          prepared.parts().size(),
          () -> "stem, three blocks, pool, classifier: " + prepared.parts());
    }
  }
}
