package org.sepconv.backend;

import java.util.List;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.MatrixProduct;
import org.sepconv.Pad;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.HostTensor;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/**
 * The {@link Reference}, rounded to float32, as a backend: the smallest one, slow and right. It
 * runs every operation, and is offered only by its name, {@value ReferenceBackendProvider#NAME}.
 */
final class ReferenceBackend extends ConvBackend {
  private static final Vocabulary VOCABULARY =
      Vocabulary.FIRST
          .with(
              List.of(
                  Activate.class,
                  BatchNormalization.class,
                  Binary.class,
                  Concat.class,
                  DepthToSpace.class,
                  Gather.class,
                  MatrixProduct.class,
                  Pad.class,
                  Pool2d.class,
                  Quantize.class,
                  Reduce.class,
                  Reshape.class,
                  ResizeLinear.class,
                  ResizeNearest.class,
                  Slice.class,
                  Softmax.class,
                  SpaceToDepth.class,
                  SquareRoot.class,
                  Transpose.class,
                  TransposedConv2d.class,
                  Unary.class))
          .withMoreActivations(
              List.of(
                  Activation.Sigmoid.class,
                  Activation.HardSigmoid.class,
                  Activation.Gelu.class,
                  Activation.Tanh.class));

  ReferenceBackend(DeviceInfo device) {
    super(device);
  }

  @Override
  public DeviceProfile profile() {
    return DeviceProfile.REFERENCE;
  }

  @Override
  protected Vocabulary vocabulary() {
    return VOCABULARY;
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
    return new PreparedReference(this, problem, weights);
  }

  @Override
  protected void release() {
    // The heap takes everything back.
  }

  private static final class PreparedReference extends Prepared {
    private final Weights weights;

    PreparedReference(ReferenceBackend backend, Problem problem, Weights weights) {
      super(backend, problem);
      this.weights = weights;
    }

    @Override
    public String kernel() {
      return "f64-reference";
    }

    @Override
    protected Execution execution() {
      return new Execution() {
        @Override
        protected void start(Tensor[] inputs, Tensor[] outputs) {
          float[][] values = new float[inputs.length][];
          for (int i = 0; i < values.length; i++) {
            values[i] = ((HostTensor) inputs[i]).values();
          }
          Reference.run(problem(), weights, values).roundInto(((HostTensor) outputs[0]).values());
        }
      };
    }

    @Override
    protected void release() {
      // The heap takes everything back.
    }
  }
}
