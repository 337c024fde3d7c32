package org.sepconv.bench.implementation;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Shape;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;

/**
 * ONNX Runtime on the CPU: a session with every optimisation, NCHW in and out as ONNX has it (it
 * converts to its own blocked layout inside, which is part of a run). Input and output are tensors
 * over direct buffers, allocated once.
 */
final class OnnxRuntime implements Implementation {
  static final String NAME = "onnxruntime";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean peer() {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "osx" : os.startsWith("windows") ? "win" : "linux";
    String arch =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "x64";
          default -> System.getProperty("os.arch");
        };
    String folder = "/ai/onnxruntime/native/" + system + "-" + arch + "/";
    return OnnxTensor.class.getResource(folder + System.mapLibraryName("onnxruntime")) == null
        ? Optional.of("ONNX Runtime has no library for %s %s".formatted(os, arch))
        : Optional.empty();
  }

  @Override
  public PreparedLayer prepare(ShapeCase shape, TestData data, int threads) {
    requireNoResidual(shape);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      OrtSession session = environment.createSession(OnnxModel.of(shape, data.weights()), options);
      FloatBuffer source = direct(shape.input()).put(data.input()).rewind();
      FloatBuffer destination = direct(shape.output());
      return new Layer(
          environment.getVersion(),
          session,
          OnnxTensor.createTensor(environment, source, dimensions(shape.input())),
          OnnxTensor.createTensor(environment, destination, dimensions(shape.output())),
          destination);
    } catch (OrtException failure) {
      throw new IllegalStateException(NAME + ": " + failure.getMessage(), failure);
    }
  }

  private static FloatBuffer direct(Shape shape) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, shape.elements()))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static long[] dimensions(Shape shape) {
    return new long[] {shape.n(), shape.c(), shape.h(), shape.w()};
  }

  private static final class Layer implements PreparedLayer {
    private final String version;
    private final OrtSession session;
    private final OnnxTensor source;
    private final OnnxTensor destination;
    private final FloatBuffer values;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    Layer(
        String version,
        OrtSession session,
        OnnxTensor source,
        OnnxTensor destination,
        FloatBuffer values) {
      this.version = version;
      this.session = session;
      this.source = source;
      this.destination = destination;
      this.values = values;
      this.inputs = Map.of(OnnxModel.INPUT, source);
      this.outputs = Map.of(OnnxModel.OUTPUT, destination);
    }

    @Override
    public String kernel() {
      return "ONNX Runtime " + version;
    }

    @Override
    public void run() {
      try {
        session.run(inputs, outputs).close(); // outputs that were given stay open
      } catch (OrtException failure) {
        throw new IllegalStateException(NAME + ": " + failure.getMessage(), failure);
      }
    }

    @Override
    public float[] output() {
      float[] copy = new float[values.capacity()];
      values.get(0, copy);
      return copy;
    }

    @Override
    public void close() {
      try (source;
          destination;
          session) {
        // Closed in the other order, whatever one of them throws.
      } catch (OrtException failure) {
        throw new IllegalStateException(NAME + ": " + failure.getMessage(), failure);
      }
    }
  }
}
