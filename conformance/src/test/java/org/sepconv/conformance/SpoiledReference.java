package org.sepconv.conformance;

import java.util.Map;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.HostTensor;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** A backend that computes with the reference, but not quite. */
abstract class SpoiledReference extends ConvBackend {
  private final Vocabulary vocabulary;

  SpoiledReference(Vocabulary vocabulary) {
    super(new DeviceInfo("spoiled", "test", Map.of()));
    this.vocabulary = vocabulary;
  }

  /**
   * Answers a problem.
   *
   * @param inputs copies
   */
  abstract void answer(Problem problem, Weights weights, float[][] inputs, float[] output);

  @Override
  public DeviceProfile profile() {
    return DeviceProfile.REFERENCE;
  }

  @Override
  protected Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  protected Support accepts(Problem problem) {
    return Support.YES;
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
        return "spoiled";
      }

      @Override
      protected Execution execution() {
        return new Execution() {
          @Override
          protected void start(Tensor[] inputs, Tensor[] outputs) {
            float[][] values = new float[inputs.length][];
            for (int i = 0; i < values.length; i++) {
              values[i] = ((HostTensor) inputs[i]).values().clone();
            }
            answer(problem, weights, values, ((HostTensor) outputs[0]).values());
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
