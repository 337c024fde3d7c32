package org.sepconv.cli.apply;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cli.ApplyRun;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.files.FloatArray;
import org.sepconv.files.NpyFile;
import org.sepconv.reference.Reference;

class ApplyCommandTest {
  private static final Shape INPUT = new Shape(2, 4, 7, 6);

  @TempDir Path folder;
  private final Random random = new Random(20);
  private float[] x;
  private Path output;

  @BeforeEach
  void writeInput() throws IOException {
    x = save("x", 2, 4, 7, 6);
    output = folder.resolve("y.npy");
  }

  @Test
  void appliesASeparableConvolution() throws IOException {
    float[] d = save("d", 8, 1, 3, 5);
    float[] db = save("db", 8);
    float[] p = save("p", 3, 8, 1, 1);
    float[] pb = save("pb", 3);
    ApplyRun run =
        apply(
            "--depthwise=d --depthwise-bias=db --depthwise-activation=relu --pointwise=p"
                + " --pointwise-bias=pb --stride=2x1 --dilation=1x1 --padding=1,2,0,3"
                + " --activation=leaky_relu:0.5");
    assertEquals(0, run.status(), run.err());
    SeparableConv2d expected =
        SeparableConv2d.of(4, 3)
            .kernel(3, 5)
            .depthMultiplier(2)
            .stride(2, 1)
            .padding(Padding.of(1, 2, 0, 3))
            .bias()
            .activation(Activation.RELU, new Activation.LeakyRelu(0.5f))
            .build();
    assertOutput(
        expected, new SeparableWeights(ConvWeights.of(d, db), ConvWeights.of(p, pb)), output);
    assertTrue(run.out().contains("2x3x3x7"), run.out());
    assertTrue(run.out().contains("on reference (f64-reference)"), run.out());
  }

  @Test
  void appliesASeparableConvolutionWithoutBias() throws IOException {
    float[] d = save("d", 4, 1, 3, 3);
    float[] p = save("p", 5, 4, 1, 1);
    assertEquals(0, apply("--depthwise=d --pointwise=p --padding=same").status());
    assertOutput(
        SeparableConv2d.of(4, 5).same().build(),
        new SeparableWeights(ConvWeights.of(d), ConvWeights.of(p)),
        output);
  }

  @Test
  void appliesASingleConvolution() throws IOException {
    float[] f = save("f", 3, 4, 3, 2);
    float[] b = save("b", 3);
    assertEquals(0, apply("--filter=f --bias=b --dilation=2x3 --activation=relu6").status());
    assertOutput(
        Conv2d.of(4, 3).kernel(3, 2).dilation(2, 3).bias().relu6().build(),
        ConvWeights.of(f, b),
        output);
  }

  @Test
  void appliesAGroupedConvolution() throws IOException {
    float[] f = save("f", 6, 2, 3, 3);
    assertEquals(0, apply("--filter=f --groups=2 --stride=2 --padding=1").status());
    assertOutput(
        Conv2d.of(4, 6).groups(2).kernel(3).stride(2).padding(1).build(),
        ConvWeights.of(f),
        output);
  }

  @Test
  void theBackendsOnTheClassPathApplyToo() throws IOException {
    float[] d = save("d", 8, 1, 3, 3);
    float[] p = save("p", 5, 8, 1, 1);
    ApplyRun run =
        ApplyRun.onClassPath(arguments("--depthwise=d --pointwise=p --padding=1 --backend=cpu"));
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().contains(" on cpu "), run.out());
    assertOutput(
        SeparableConv2d.of(4, 5).depthMultiplier(2).padding(1).build(),
        new SeparableWeights(ConvWeights.of(d), ConvWeights.of(p)),
        output);
  }

  @Test
  void writesTheMeasurementAsJson() throws IOException {
    save("f", 3, 4, 3, 2);
    Path json = folder.resolve("run.json");
    assertEquals(0, apply("--filter=f --json=run.json").status());
    String text = Files.readString(json);
    assertTrue(text.contains("\"outputShape\" : \"2x3x5x5\""), text);
    assertTrue(text.contains("\"device\" : \"reference\""), text);
  }

  @Test
  void refusesWhatDoesNotFitTogether() throws IOException {
    save("d", 4, 1, 3, 3);
    save("d5", 5, 1, 3, 3);
    save("d2", 4, 2, 3, 3);
    save("p", 5, 4, 1, 1);
    save("p8", 5, 8, 1, 1);
    save("p3", 5, 4, 3, 3);
    save("p2d", 5, 4);
    save("b4", 4);
    save("b2d", 5, 1);
    save("f", 3, 5, 3, 3);
    save("f9", 3, 4, 9, 9);
    refuses("--depthwise=d5 --pointwise=p", "(5, 1, 3, 3)", "input's 4 channels");
    refuses("--depthwise=d2 --pointwise=p", "(4, 2, 3, 3)", "C*M x 1 x KH x KW");
    refuses("--depthwise=d --pointwise=p8", "gives 4 channels", "expects 8");
    refuses("--depthwise=d --pointwise=p3", "(5, 4, 3, 3)", "O x C*M x 1 x 1");
    refuses("--depthwise=d --pointwise=p2d", "(5, 4)", "np.newaxis");
    refuses("--depthwise=d --pointwise=p --pointwise-bias=b4", "4 values", "5 output channels");
    refuses("--depthwise=d --pointwise=p --pointwise-bias=b2d", "(5, 1)", "1 dimension, O");
    refuses("--filter=f", "input has 4 channels", "expects 5 (groups=1)");
    refuses("--filter=f --groups=2", "2 groups do not divide 3 output channels");
    refuses("--filter=f --groups=0", "--groups is 0");
    refuses("--filter=f9", "7", "9");
    refuses("--filter=missing", "there is no file", "missing.npy");
  }

  @Test
  void refusesAnInputThatIsNotABatch() throws IOException {
    save("f", 3, 4, 3, 3);
    save("x", 4, 7, 6);
    refuses("--filter=f", "(4, 7, 6)", "4 dimensions, N x C x H x W", "x[np.newaxis]");
  }

  @Test
  void refusesHalfAConvolutionAndMixtures() throws IOException {
    save("d", 4, 1, 3, 3);
    save("p", 5, 4, 1, 1);
    save("f", 3, 4, 3, 3);
    refuses("", "no filter is given", "--depthwise and --pointwise, or --filter");
    refuses("--depthwise=d", "no filter is given");
    refuses("--pointwise=p", "no filter is given");
    refuses("--filter=f --pointwise=p", "--pointwise is for a separable", "--filter for a single");
    refuses("--depthwise=d --pointwise=p --groups=2", "--groups for a single");
    refuses("--filter=f --stride=1,2", "'1,2' is not a size");
    refuses("--filter=f --stride=0", "stride is 0");
    refuses("--filter=f --padding=around", "'around' is not a padding");
    refuses("--filter=f --activation=elu", "'elu' is not an activation");
    refuses("--filter=f --backend=abacus", "no backend 'abacus'");
  }

  @Test
  void keepsAnOldOutputWhenTheBackendFails() throws IOException {
    save("f", 3, 4, 3, 3);
    Files.writeString(output, "old");
    ApplyRun run = ApplyRun.on(Behaviour.THROWS_IN_RUN, arguments("--filter=f"));
    assertEquals(1, run.status());
    assertEquals("sepconv: fake: out of resources (-5)", run.err().strip());
    assertEquals("old", Files.readString(output));
  }

  private void refuses(String options, String... parts) throws IOException {
    Files.writeString(output, "old");
    ApplyRun run = apply(options);
    assertEquals(2, run.status(), options);
    assertEquals(1, run.err().lines().count(), run.err());
    for (String part : parts) {
      assertTrue(run.err().contains(part), () -> "'" + part + "' is not in: " + run.err());
    }
    assertEquals("old", Files.readString(output));
    try (var files = Files.list(folder)) {
      assertFalse(files.anyMatch(file -> file.toString().endsWith(".tmp")));
    }
  }

  private ApplyRun apply(String options) {
    return ApplyRun.of(arguments(options));
  }

  /** Turns {@code --filter=f} into the path of a file in the folder. */
  private Object[] arguments(String options) {
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of("apply", "--input", folder.resolve("x.npy"), "--output", output));
    for (String option : options.split(" ")) {
      String[] parts = option.split("=", 2);
      switch (parts[0]) {
        case "" -> {}
        case "--depthwise", "--depthwise-bias", "--pointwise", "--pointwise-bias" ->
            arguments.add(parts[0] + "=" + folder.resolve(parts[1] + ".npy"));
        case "--filter", "--bias" ->
            arguments.add(parts[0] + "=" + folder.resolve(parts[1] + ".npy"));
        case "--json" -> arguments.add(parts[0] + "=" + folder.resolve(parts[1]));
        default -> arguments.add(option);
      }
    }
    return arguments.toArray();
  }

  private void assertOutput(Convolution convolution, Weights weights, Path path)
      throws IOException {
    Problem problem = Problem.of(convolution, TensorSpec.nchw(INPUT));
    Reference.Result expected = Reference.run(problem, weights, x);
    FloatArray actual = NpyFile.read(path);
    Shape shape = expected.spec().shape();
    assertEquals(List.of(shape.n(), shape.c(), shape.h(), shape.w()), actual.shape());
    float[] rounded = new float[expected.values().length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) expected.values()[i];
    }
    // Small integers: exact in float32, so equal to the bit.
    assertArrayEquals(rounded, actual.values());
  }

  private float[] save(String name, int... shape) throws IOException {
    int elements = 1;
    for (int size : shape) {
      elements *= size;
    }
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = random.nextInt(-4, 5);
    }
    NpyFile.write(folder.resolve(name + ".npy"), FloatArray.of(name, values, shape));
    return values;
  }
}
