package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.ElementType;
import org.sepconv.Expect;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/**
 * A backend that was compiled when there were convolutions and float32 only: its switches are
 * complete for those, and fail on whatever came later. Core must not ask it.
 */
class OlderBackendTest {

  /** As they were: javac takes these in place of today's classes. */
  private static final Map<String, String> OLDER_CORE =
      Map.of(
          "org.sepconv.Operation",
          """
          package org.sepconv;
          public sealed interface Operation permits Convolution {
            int inputCount();
          }
          """,
          "org.sepconv.ElementType",
          """
          package org.sepconv;
          public enum ElementType { FLOAT32 }
          """);

  private static final String BACKEND =
      """
      package older;

      import java.util.Map;
      import org.sepconv.*;
      import org.sepconv.cost.DeviceProfile;
      import org.sepconv.spi.*;

      public final class OlderBackend extends ConvBackend {
        public int asked;

        public OlderBackend() {
          super(new DeviceInfo("older", "test", Map.of()));
        }

        @Override
        public DeviceProfile profile() {
          return new DeviceProfile("a guess", 1e9, 1e9, 0, Map.of());
        }

        @Override
        protected Support accepts(Problem problem) {
          asked++;
          int bytes = switch (problem.source().type()) {
            case FLOAT32 -> 4;
          };
          return switch (problem.operation()) {
            case Conv2d conv -> bytes == 4 ? Support.YES : new Support.No("never");
            case SeparableConv2d separable -> new Support.No("not fused");
          };
        }

        @Override
        protected Tensor allocateTensor(TensorSpec spec) {
          return new HostTensor(this, spec);
        }

        @Override
        protected Prepared prepareProblem(Problem problem, Weights weights) {
          return new Prepared(this, problem) {
            @Override
            public String kernel() {
              return "ones";
            }

            @Override
            protected Execution execution() {
              return new Execution() {
                @Override
                protected void start(Tensor[] inputs, Tensor[] outputs) {
                  java.util.Arrays.fill(((HostTensor) outputs[0]).values(), 1);
                }
              };
            }

            @Override
            protected void release() {}
          };
        }

        @Override
        protected void release() {}
      }
      """;

  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 1));
  private static final Conv2d CONV = Conv2d.pointwise(2, 2).build();
  private static final Weights WEIGHTS = ConvWeights.of(new float[4]);

  @TempDir Path classes;
  private URLClassLoader loader;
  private ConvBackend backend;

  @BeforeEach
  void compile() throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> sources =
        List.of(
            source("older.OlderBackend", BACKEND),
            source("org.sepconv.Operation", OLDER_CORE.get("org.sepconv.Operation")),
            source("org.sepconv.ElementType", OLDER_CORE.get("org.sepconv.ElementType")));
    List<String> options =
        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
    assertTrue(compiler.getTask(null, null, null, options, null, sources).call(), "compiles");
    // The parent comes first: only the backend is taken from here, core is today's.
    loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
    backend = (ConvBackend) loader.loadClass("older.OlderBackend").getConstructor().newInstance();
  }

  private static JavaFileObject source(String name, String text) {
    URI uri = URI.create("string:///" + name.replace('.', '/') + ".java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreErrors) {
        return text;
      }
    };
  }

  @AfterEach
  void close() throws Exception {
    backend.close();
    loader.close();
  }

  private int asked() throws ReflectiveOperationException {
    return backend.getClass().getField("asked").getInt(backend);
  }

  @Test
  void itRunsWhatItKnows() throws Exception {
    assertArrayEquals(
        new float[] {1, 1}, backend.convolve(Problem.of(CONV, SPEC), WEIGHTS, new float[2]));
    assertTrue(asked() > 0);
  }

  @Test
  void itIsNotAskedAboutOperationsThatCameLater() throws Exception {
    Problem add = Problem.of(Binary.add(), List.of(SPEC, SPEC));
    Problem pool = Problem.of(Reduce.globalAveragePool(), List.of(SPEC));
    for (Problem later : List.of(add, pool)) {
      Support.No no = assertInstanceOf(Support.No.class, backend.supports(later));
      assertTrue(no.reason().contains("does not know"), no::reason);
      Expect.failure(
          BackendException.class,
          () -> backend.prepare(later, Weights.none()),
          "does not know the operation " + later.operation());
    }
    assertEquals(0, asked());
  }

  @Test
  void itIsNotAskedAboutTypesThatCameLater() throws Exception {
    Problem half = Problem.of(CONV, SPEC.withType(ElementType.FLOAT16));
    Support.No no = assertInstanceOf(Support.No.class, backend.supports(half));
    assertTrue(no.reason().contains("float16"), no::reason);
    assertEquals(0, asked());
  }

  @Test
  void itsPartOfAGraphRunsOnItAndTheRestOnTheHost() {
    Graph graph =
        Graph.builder("later")
            .input("x", SPEC.shape())
            .add("ones", CONV.withActivation(Activation.RELU)) // so that it takes no residual
            .add("sum", Binary.add(), "ones", "x")
            .build();
    float[] sum =
        backend.convolve(
            graph.problem(), new GraphWeights(Map.of("ones", WEIGHTS)), new float[] {2, 3});
    assertArrayEquals(new float[] {3, 4}, sum);
  }
}
