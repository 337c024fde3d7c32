package org.sepconv.bench.implementation;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.onnx.OnnxWriter;

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

  /**
   * A larger stack: version 1.29 walks through the command line of its process with a recursion for
   * each character, and a long class path takes more than the usual megabyte.
   */
  @Override
  public List<String> jvmOptions(Path folder) {
    return List.of("-Xss16m");
  }

  @Override
  public PreparedLayer prepare(Workload work, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      Layer layer =
          new Layer(
              environment.getVersion(),
              environment.createSession(
                  OnnxWriter.toBytes(work.problem(), work.weights()), options));
      try {
        // Both are in the order of the model, which is that of the problem.
        Iterator<String> names = layer.session.getInputNames().iterator();
        for (int i = 0; i < work.inputs().size(); i++) {
          Shape shape = work.problem().inputs().get(i).shape();
          FloatBuffer values = direct(shape).put(work.inputs().get(i)).rewind();
          layer.inputs.put(names.next(), tensor(environment, shape, values));
        }
        names = layer.session.getOutputNames().iterator();
        for (TensorSpec output : work.problem().outputs()) {
          FloatBuffer values = direct(output.shape());
          layer.values.add(values);
          layer.outputs.put(names.next(), tensor(environment, output.shape(), values));
        }
        return layer;
      } catch (OrtException | RuntimeException | Error failure) {
        layer.close();
        throw failure;
      }
    } catch (OrtException failure) {
      throw new IllegalStateException(NAME + ": " + failure.getMessage(), failure);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Shape shape, FloatBuffer values)
      throws OrtException {
    return OnnxTensor.createTensor(
        environment, values, new long[] {shape.n(), shape.c(), shape.h(), shape.w()});
  }

  private static FloatBuffer direct(Shape shape) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, shape.elements()))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static final class Layer implements PreparedLayer {
    private final String version;
    private final OrtSession session;
    private final Map<String, OnnxTensor> inputs = new HashMap<>();
    private final Map<String, OnnxTensor> outputs = new HashMap<>();
    private final List<FloatBuffer> values = new ArrayList<>(); // of the outputs

    Layer(String version, OrtSession session) {
      this.version = version;
      this.session = session;
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
      FloatBuffer first = values.getFirst();
      float[] copy = new float[first.capacity()];
      first.get(0, copy);
      return copy;
    }

    @Override
    public void close() {
      inputs.values().forEach(OnnxTensor::close);
      outputs.values().forEach(OnnxTensor::close);
      try {
        session.close();
      } catch (OrtException failure) {
        throw new IllegalStateException(NAME + ": " + failure.getMessage(), failure);
      }
    }
  }
}
