package org.sepconv.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.graph.MobileNet;
import org.sepconv.graph.pass.Passes;
import org.sepconv.graph.pass.Program;

class ShapeFileTest {

  @TempDir Path folder;

  static List<Graph> networks() {
    return List.of(MobileNet.v1(224, 1), MobileNet.v2(224, 1));
  }

  static List<String> names() {
    return ShapeFile.names();
  }

  /** Of what is left of the network before it is prepared, without residuals. */
  @ParameterizedTest
  @MethodSource("networks")
  void networkFilesAreTheConvolutionsOfTheNetworks(Graph network) {
    Problem problem = network.problem();
    Graph fused =
        Passes.run(
                new Program(network, (GraphWeights) Weights.random(network, 1)),
                problem,
                asked -> asked.inputs().size() == 1)
            .program()
            .graph();
    List<ShapeCase> expected = new ArrayList<>();
    for (Graph.Step step : fused.steps(new Problem(fused, problem.inputs(), problem.outputs()))) {
      if (step.node().operation() instanceof Convolution convolution) {
        expected.add(
            new ShapeCase(step.node().name(), convolution, step.problem().source().shape()));
      }
    }
    assertEquals(expected, ShapeFile.named(network.name()));
  }

  @Test
  void namesAreTheFilesThatAreThere() throws Exception {
    URI corners = ShapeFile.class.getResource("shapes/corners.txt").toURI();
    try (Stream<Path> files = Files.list(Path.of(corners).getParent())) {
      assertEquals(
          ShapeFile.names(),
          files.map(file -> file.getFileName().toString().replace(".txt", "")).sorted().toList());
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyCaseIsReadBackFromItsText(String name) {
    for (ShapeCase shape : ShapeFile.named(name)) {
      assertEquals(shape, ShapeFile.parseLine(shape.toString()));
    }
  }

  @Test
  void readsFilesWithCommentsAndDefaults() throws Exception {
    Path file = folder.resolve("mine.txt");
    Files.writeString(
        file,
        """
        # a comment

        block separable in=32x112x110 out=64   # and another
        first standard in=2x3x9x8 out=4 kernel=3x5 stride=2x1 dilation=1x2 padding=1,2,3,4 bias=true
        group grouped in=8x5x5 out=12 groups=4 activation=leaky_relu:0.1
        deep depthwise in=8x5x5 multiplier=2 padding=same_lower
        point pointwise in=8x5x5
        mixed separable in=8x5x5 multiplier=3 bias=pointwise activation=relu6/none padding=2
        added pointwise in=8x5x5 residual=true activation=relu
        plain pointwise in=8x5x5 residual=false
        """);
    assertEquals(
        List.of(
            new ShapeCase("block", SeparableConv2d.of(32, 64).build(), Shape.of(32, 112, 110)),
            new ShapeCase(
                "first",
                Conv2d.of(3, 4)
                    .kernel(3, 5)
                    .stride(2, 1)
                    .dilation(1, 2)
                    .padding(Padding.of(1, 2, 3, 4))
                    .bias()
                    .build(),
                new Shape(2, 3, 9, 8)),
            new ShapeCase(
                "group",
                Conv2d.of(8, 12)
                    .groups(4)
                    .kernel(3)
                    .activation(new Activation.LeakyRelu(0.1f))
                    .build(),
                Shape.of(8, 5, 5)),
            new ShapeCase(
                "deep",
                Conv2d.depthwise(8, 2).kernel(3).padding(Padding.sameLower()).build(),
                Shape.of(8, 5, 5)),
            new ShapeCase("point", Conv2d.pointwise(8, 8).build(), Shape.of(8, 5, 5)),
            new ShapeCase(
                "mixed",
                SeparableConv2d.of(8, 8)
                    .depthMultiplier(3)
                    .bias(false, true)
                    .activation(Activation.RELU6, Activation.NONE)
                    .padding(2)
                    .build(),
                Shape.of(8, 5, 5)),
            new ShapeCase(
                "added", Conv2d.pointwise(8, 8).residual().relu().build(), Shape.of(8, 5, 5)),
            new ShapeCase("plain", Conv2d.pointwise(8, 8).build(), Shape.of(8, 5, 5))),
        ShapeFile.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          a separable                          | expected NAME KIND in=CxHxW
          a separabel in=3x4x5                 | 'separabel' is not a kind of convolution
          a separable out=3                    | in=CxHxW is missing
          a separable in=3x4                   | '3x4' is not a shape
          a separable in=3x4x5 stride          | 'stride' is not KEY=VALUE
          a separable in=3x4x5 strid=2         | 'strid' is not a key
          a separable in=3x4x5 stride=two      | stride=two is not a number
          a separable in=3x4x5 stride=1x2x3    | stride=1x2x3 is neither one number nor HEIGHTxWIDTH
          a separable in=3x4x5 stride=1 stride=2 | stride is given twice
          a separable in=3x4x5 stride=0        | vertical stride is 0
          a separable in=3x4x5 kernel=9        | the output would be empty
          a separable in=3x4x5 groups=3        | groups of a does not apply to separable
          a standard in=3x4x5 multiplier=2     | multiplier of a does not apply to standard
          a depthwise in=3x4x5 out=6           | out of a does not apply to depthwise
          a pointwise in=3x4x5 kernel=3        | kernel of a does not apply to pointwise
          a standard in=3x4x5 bias=pointwise   | bias=pointwise: expected true, false
          a separable in=3x4x5 residual=depthwise | residual=depthwise: expected true, false
          a separable in=3x4x5 bias=maybe      | bias=maybe: expected true, false, depthwise or pointwise
          a standard in=3x4x5 activation=relu/relu | activation of a does not apply to one stage
          a standard in=3x4x5 activation=elu  | 'elu' is not an activation
          a standard in=3x4x5 padding=1,2      | '1,2' is not a padding
          a grouped in=3x4x5 groups=2          | 2 groups do not divide 3 input channels
          """)
  void errorsNameFileLineAndText(String line, String problem) throws Exception {
    Path file = folder.resolve("wrong.txt");
    Files.writeString(file, "# one good line\ngood pointwise in=1x1x1\n" + line + "\n");
    String message =
        assertThrows(IllegalArgumentException.class, () -> ShapeFile.read(file)).getMessage();
    assertTrue(message.startsWith(file + ":3: " + problem), message);
    assertTrue(message.endsWith("the line is: " + line), message);
  }

  @Test
  void twoCasesOfOneNameAreRefused() throws Exception {
    Path file = folder.resolve("twice.txt");
    Files.writeString(file, "a pointwise in=1x1x1\na pointwise in=2x1x1\n");
    String message =
        assertThrows(IllegalArgumentException.class, () -> ShapeFile.read(file)).getMessage();
    assertTrue(message.startsWith(file + ":2: there are two cases named a"), message);
  }

  @Test
  void anUnknownFileIsRefusedWithTheList() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> ShapeFile.named("resnet")).getMessage();
    assertEquals(
        "there is no shape file 'resnet'; there are: corners, mobilenet_v1, mobilenet_v2, pairs, reports",
        message);
  }
}
