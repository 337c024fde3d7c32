package org.sepconv.examples.backend;

import java.util.Map;
import org.sepconv.*;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.*;

/** Runs single convolutions on one thread; {@code core} puts all others together from them. */
final class LoopsBackend extends ConvBackend {
  LoopsBackend(DeviceInfo device) {
    super(device);
  }

  @Override
  public DeviceProfile profile() {
    return new DeviceProfile("estimated: loops on one thread", 5e9, 1e10, 1e-6, Map.of());
  }

  @Override
  protected Support accepts(Problem problem) {
    return problem.operation() instanceof Conv2d ? Support.YES : new Support.No("only for Conv2d");
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    return new HostTensor(this, spec);
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    ConvWeights given = (ConvWeights) weights;
    float[] bias = given.biasOrZeros(problem.destination().shape().c());
    return new LoopsConvolution(this, problem, given.filter(), bias);
  }

  @Override
  protected void release() {} // the heap takes everything back
}
