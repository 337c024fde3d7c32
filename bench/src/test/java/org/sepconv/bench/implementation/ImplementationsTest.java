package org.sepconv.bench.implementation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Layout;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;

/** Every implementation computes what the reference does, so that a time means something. */
class ImplementationsTest {

  private static final List<String> LINES =
      List.of(
          "pair separable in=2x32x14x9 out=48 padding=same bias=true activation=relu6",
          "stride separable in=16x15x15 out=32 stride=2 padding=same bias=true activation=relu",
          "depthwise depthwise in=20x9x11 kernel=5 padding=same bias=true activation=hard_swish",
          "multiplier depthwise in=8x9x9 multiplier=2 padding=same",
          "dilation depthwise in=16x13x13 dilation=2 padding=1",
          "pointwise pointwise in=24x7x7 out=40 bias=true activation=silu",
          "sigmoid pointwise in=24x7x7 out=40 bias=true activation=sigmoid",
          "gate pointwise in=16x1x1 out=64 bias=true activation=hard_sigmoid",
          "gelu pointwise in=24x7x7 out=40 bias=true activation=gelu",
          "tanh depthwise in=20x9x11 padding=same bias=true activation=tanh",
          "standard standard in=3x17x17 out=32 stride=2 padding=same activation=leaky_relu:0.25",
          "grouped grouped in=16x9x9 out=32 groups=4 padding=0,1,2,0 bias=true activation=clamp:-1:2");

  static Stream<String> implementations() {
    return Stream.of(
        "cpu[cold]", "cpu[nchw,cold]", "cpu[nchw,arrays,cold]", "onnxruntime", "onednn");
  }

  private static Implementation implementation(String name) {
    Implementation implementation =
        name.equals("onednn") ? new OneDnn(1) : Implementations.named(name);
    implementation.unavailable().ifPresent(reason -> Assumptions.abort(name + ": " + reason));
    return implementation;
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void computesWhatTheReferenceDoes(String name) {
    Implementation implementation = implementation(name);
    for (String line : LINES) {
      ShapeCase shape = ShapeFile.parseLine(line);
      assertEquals(0, wrong(implementation, shape, 1), () -> name + ": " + line);
    }
    ShapeCase first = ShapeFile.parseLine(LINES.getFirst());
    assertEquals(0, wrong(implementation, first, 2), () -> name + " with 2 threads");
  }

  @ParameterizedTest
  @MethodSource("implementations")
  void residualsAreAdded(String name) {
    ShapeCase shape =
        ShapeFile.parseLine(
            "r separable in=8x9x9 out=8 kernel=3 padding=same bias=true residual=true activation=relu");
    assertEquals(0, wrong(implementation(name), shape, 1), name);
  }

  private static int wrong(Implementation implementation, ShapeCase shape, int threads) {
    TestData data = TestData.of(shape.convolution(), shape.input(), DataKind.FLOATS, 7);
    float[] actual;
    try (PreparedLayer layer = implementation.prepare(Workload.of(shape, data), threads)) {
      assertFalse(layer.kernel().isBlank());
      layer.run();
      layer.run();
      actual = layer.output();
    }
    return Agreement.of(Expectation.of(shape, data).reference(), actual).wrong();
  }

  /** On the platforms that their libraries are built for, they must be there. */
  @Test
  void peersAreThereOnLinux() {
    Assumptions.assumeTrue(
        (System.getProperty("os.name") + " " + System.getProperty("os.arch")).equals("Linux amd64"),
        "not Linux amd64");
    for (String peer : List.of("onnxruntime", "onednn")) {
      assertEquals(Optional.empty(), Implementations.peer(peer).unavailable());
      assertTrue(Implementations.peer(peer).peer());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cpu",
        "cpu[nchw]",
        "opencl:0[kernels=fast]",
        "cpu[nchw,arrays,cold,kernels=scalar]"
      })
  void namesAreReadBack(String name) {
    assertEquals(name, BackendImplementation.parse(name).name());
  }

  @Test
  void bracketsSayHowABackendIsUsed() {
    var parsed = BackendImplementation.parse("cpu[arrays,NCHW,vector-bits=256]");
    assertEquals("cpu", parsed.device());
    assertEquals(Layout.NCHW, parsed.layout());
    assertTrue(parsed.arrays());
    assertEquals(Map.of("vector-bits", "256"), parsed.settings());
    assertEquals(
        "cpu[kernels=scalar,vector-bits=128]",
        BackendImplementation.parse("cpu[kernels=scalar]")
            .withDefaults(Map.of("kernels", "vector", "vector-bits", "128"))
            .name());
  }

  @Test
  void refusesWordsThatItDoesNotKnow() {
    assertMessage("'fast' in 'cpu[fast]'", () -> BackendImplementation.parse("cpu[fast]"));
    assertMessage("no closing bracket", () -> BackendImplementation.parse("cpu[nchw"));
    assertMessage(
        "there is no peer 'mkl'; there are: onnxruntime, onednn, pytorch",
        () -> Implementations.peer("mkl"));
  }

  @Test
  void anUnknownBackendIsUnavailable() {
    String reason = BackendImplementation.parse("tpu").unavailable().orElseThrow();
    assertTrue(reason.contains("there is no backend 'tpu'"), reason);
    assertEquals(Optional.empty(), BackendImplementation.parse("cpu").unavailable());
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** As in the distribution. */
  @Test
  void onnxRuntimeSaysThatItsJarIsMissing() throws Exception {
    List<URL> others = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("onnxruntime")) {
        others.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader classes =
        new URLClassLoader(others.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Object peer =
          classes
              .loadClass(Implementations.class.getName())
              .getMethod("peer", String.class)
              .invoke(null, OnnxRuntime.NAME);
      assertEquals(
          Optional.of("the jar com.microsoft.onnxruntime:onnxruntime is not on the class path"),
          classes.loadClass(Implementation.class.getName()).getMethod("unavailable").invoke(peer));
    }
  }
}
