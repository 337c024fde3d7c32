package org.sepconv.conformance;

import org.sepconv.Problem;
import org.sepconv.conformance.LoopBackend.LoopTensor;
import org.sepconv.spi.Execution;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** An addition that takes its first input twice, for {@link Fault#ADD_OF_ONE}. */
final class LoopAdd extends Prepared {

  LoopAdd(LoopBackend backend, Problem problem) {
    super(backend, problem);
  }

  @Override
  public String kernel() {
    return "f32-add-loops";
  }

  @Override
  protected Execution execution() {
    return new Execution() {
      @Override
      protected void start(Tensor[] inputs, Tensor[] outputs) {
        float[] in = ((LoopTensor) inputs[0]).values;
        float[] out = ((LoopTensor) outputs[0]).values;
        for (int i = 0; i < out.length; i++) {
          out[i] = in[i] + in[i];
        }
      }
    };
  }

  @Override
  protected void release() {}
}
