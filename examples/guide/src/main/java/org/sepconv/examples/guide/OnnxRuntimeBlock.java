package org.sepconv.examples.guide;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.onnx.OnnxWriter;

/** The block in ONNX Runtime, which takes a model: Sepconv writes it. */
public final class OnnxRuntimeBlock {
  private OnnxRuntimeBlock() {}

  public static void main(String[] args) throws OrtException {
    byte[] model = model();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      long[] shape = {1, 10, 112, 112};
      try (OrtSession session = environment.createSession(model, options);
          OnnxTensor image =
              OnnxTensor.createTensor(environment, FloatBuffer.wrap(Values.image()), shape);
          OrtSession.Result result =
              session.run(Map.of(session.getInputNames().iterator().next(), image))) {
        FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] array = new float[values.remaining()];
        values.get(array);
        Values.print(array);
      }
    }
  }

  private static byte[] model() {
    SeparableConv2d block = SeparableConv2d.of(10, 32).same().build();
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(Values.depthwise()), ConvWeights.of(Values.pointwise()));
    return OnnxWriter.toBytes(Problem.of(block, TensorSpec.nchw(Shape.of(10, 112, 112))), weights);
  }
}
