package org.sepconv.bench.implementation;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.onnx.NetworkValue;
import org.sepconv.onnx.OnnxWriter;

/** A session of ONNX Runtime, with its inputs and outputs. */
final class OnnxRuntimeLayer implements PreparedLayer {
  private final String version;
  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs = new HashMap<>();
  private final List<FloatBuffer> values = new ArrayList<>(); // of the outputs

  private OnnxRuntimeLayer(String version, OrtSession session) {
    this.version = version;
    this.session = session;
  }

  static PreparedLayer prepare(Workload work, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      OnnxRuntimeLayer layer =
          new OnnxRuntimeLayer(environment.getVersion(), session(environment, work, options));
      try {
        List<NetworkValue> inputs =
            work.file()
                .map(ModelFile::inputs)
                .orElseGet(() -> values(layer.session.getInputNames(), work.problem().inputs()));
        for (int i = 0; i < inputs.size(); i++) {
          FloatBuffer values = direct(inputs.get(i)).put(work.inputs().get(i)).rewind();
          layer.inputs.put(inputs.get(i).name(), tensor(environment, inputs.get(i), values));
        }
        List<NetworkValue> outputs =
            work.file()
                .map(ModelFile::outputs)
                .orElseGet(() -> values(layer.session.getOutputNames(), work.problem().outputs()));
        for (NetworkValue output : outputs) {
          FloatBuffer values = direct(output);
          layer.values.add(values);
          layer.outputs.put(output.name(), tensor(environment, output, values));
        }
        return layer;
      } catch (OrtException | RuntimeException | Error failure) {
        layer.close();
        throw failure;
      }
    } catch (OrtException failure) {
      throw new IllegalStateException(OnnxRuntime.NAME + ": " + failure.getMessage(), failure);
    }
  }

  private static OrtSession session(
      OrtEnvironment environment, Workload work, OrtSession.SessionOptions options)
      throws OrtException {
    return work.file().isPresent()
        ? environment.createSession(work.file().get().path().toString(), options)
        : environment.createSession(OnnxWriter.toBytes(work.problem(), work.weights()), options);
  }

  /** Of a model that we wrote: names are in the order of the problem. */
  private static List<NetworkValue> values(Set<String> names, List<TensorSpec> specs) {
    List<NetworkValue> values = new ArrayList<>();
    for (String name : names) {
      Shape shape = specs.get(values.size()).shape();
      values.add(
          new NetworkValue(name, List.of(shape.n(), shape.c(), shape.h(), shape.w()), shape));
    }
    return values;
  }

  private static OnnxTensor tensor(
      OrtEnvironment environment, NetworkValue value, FloatBuffer values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, values, value.dimensions().stream().mapToLong(Integer::longValue).toArray());
  }

  private static FloatBuffer direct(NetworkValue value) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, value.shape().elements()))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
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
      throw new IllegalStateException(OnnxRuntime.NAME + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public float[] output() {
    return outputs().getFirst();
  }

  @Override
  public List<float[]> outputs() {
    List<float[]> copies = new ArrayList<>();
    for (FloatBuffer output : values) {
      float[] copy = new float[output.capacity()];
      output.get(0, copy);
      copies.add(copy);
    }
    return copies;
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException failure) {
      throw new IllegalStateException(OnnxRuntime.NAME + ": " + failure.getMessage(), failure);
    }
  }
}
