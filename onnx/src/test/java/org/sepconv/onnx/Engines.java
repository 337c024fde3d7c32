package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.sepconv.Graph;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** Runs models on a backend and on ONNX Runtime. */
final class Engines {
  private static final OrtEnvironment ENVIRONMENT =
      OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);

  private Engines() {}

  /** Random values for every input, the same every time. */
  static List<float[]> inputs(OnnxNetwork network) {
    SplittableRandom random = new SplittableRandom(7);
    List<float[]> inputs = new ArrayList<>();
    for (NetworkValue input : network.inputs()) {
      float[] values = new float[input.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = 2 * random.nextFloat() - 1;
      }
      inputs.add(values);
    }
    return inputs;
  }

  /** All outputs of a backend, {@code cpu} or {@code reference}. */
  static List<float[]> run(String name, OnnxNetwork network, List<float[]> inputs) {
    return run(name, network, inputs, BackendOptions.defaults());
  }

  /** The same with settings. */
  static List<float[]> run(
      String name, OnnxNetwork network, List<float[]> inputs, BackendOptions options) {
    List<Tensor> taken = new ArrayList<>();
    List<Tensor> given = new ArrayList<>();
    try (Backends backends = Backends.discover(options)) {
      ConvBackend backend = backends.backend(name);
      try (Prepared prepared = backend.prepare(network.graph().problem(), network.weights())) {
        for (int i = 0; i < inputs.size(); i++) {
          Tensor tensor = backend.allocate(prepared.problem().inputs().get(i));
          tensor.write(inputs.get(i));
          taken.add(tensor);
        }
        for (TensorSpec output : prepared.problem().outputs()) {
          given.add(backend.allocate(output));
        }
        try (Run run = prepared.bind(taken, given)) {
          run.run();
        }
        return given.stream().map(Tensor::read).toList();
      } finally {
        taken.forEach(Tensor::close);
        given.forEach(Tensor::close);
      }
    }
  }

  /** All outputs of ONNX Runtime, whose dimensions must be those that the network says. */
  static List<float[]> runtime(byte[] model, OnnxNetwork network, List<float[]> inputs)
      throws OrtException {
    return runtime(model, network, inputs, OrtSession.SessionOptions.OptLevel.ALL_OPT);
  }

  /**
   * The same.
   *
   * @param level what it may do to a graph: without any, it computes each node as it stands
   */
  static List<float[]> runtime(
      byte[] model,
      OnnxNetwork network,
      List<float[]> inputs,
      OrtSession.SessionOptions.OptLevel level)
      throws OrtException {
    Map<String, OnnxTensor> taken = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(level);
      try (OrtSession session = ENVIRONMENT.createSession(model, options)) {
        for (int i = 0; i < inputs.size(); i++) {
          NetworkValue input = network.inputs().get(i);
          taken.put(
              input.name(),
              OnnxTensor.createTensor(
                  ENVIRONMENT, FloatBuffer.wrap(inputs.get(i)), sizes(input.dimensions())));
        }
        List<float[]> outputs = new ArrayList<>();
        try (OrtSession.Result result = session.run(taken)) {
          for (NetworkValue output : network.outputs()) {
            OnnxTensor tensor = (OnnxTensor) result.get(output.name()).orElseThrow();
            assertArrayEquals(
                tensor.getInfo().getShape(), sizes(output.dimensions()), output.name());
            float[] values = new float[output.shape().elements()];
            tensor.getFloatBuffer().get(values);
            outputs.add(values);
          }
        }
        return outputs;
      }
    } finally {
      taken.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] sizes(List<Integer> dimensions) {
    return dimensions.stream().mapToLong(Integer::longValue).toArray();
  }

  /**
   * The largest difference, in shares of the largest expected value.
   *
   * @param what for the message
   */
  static double difference(String what, float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, what);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      assertTrue(Float.isFinite(expected[i]), what);
      largest = Math.max(largest, Math.abs(expected[i]));
      double one = Math.abs(expected[i] - (double) actual[i]);
      difference = Double.isNaN(one) ? Double.POSITIVE_INFINITY : Math.max(difference, one);
    }
    return difference == 0 ? 0 : difference / largest;
  }

  /** All of them. */
  static double difference(String what, List<float[]> expected, List<float[]> actual) {
    assertEquals(expected.size(), actual.size(), what);
    double difference = 0;
    for (int i = 0; i < expected.size(); i++) {
      difference = Math.max(difference, difference(what, expected.get(i), actual.get(i)));
    }
    return difference;
  }

  static int[] dimensions(Shape shape) {
    return new int[] {shape.n(), shape.c(), shape.h(), shape.w()};
  }

  /**
   * Checks that backends give what ONNX Runtime gives.
   *
   * @return the graph
   */
  static Graph check(ModelBuilder model, int... dimensions) throws OrtException {
    byte[] bytes = model.bytes();
    OnnxNetwork network = OnnxModel.read(bytes).network(dimensions);
    List<float[]> inputs = inputs(network);
    List<float[]> expected = runtime(bytes, network, inputs);
    double difference = difference("reference", expected, run("reference", network, inputs));
    assertTrue(difference <= 1e-5, "reference: " + difference);
    difference = difference("cpu", expected, run("cpu", network, inputs));
    assertTrue(difference <= 1e-4, "cpu: " + difference);
    return network.graph();
  }
}
