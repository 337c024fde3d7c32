package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import org.sepconv.TensorSpec;

/** Float32 values in an array of the host, for backends that compute there. */
public final class HostTensor extends Tensor {
  private float[] values;

  /** Zeros. */
  public HostTensor(ConvBackend backend, TensorSpec spec) {
    super(backend, spec);
    this.values = new float[spec.shape().elements()];
  }

  /** The values themselves, in the order of the tensor's layout: for the backend's own runs. */
  public float[] values() {
    return values;
  }

  @Override
  protected void upload(MemorySegment source) {
    MemorySegment.ofArray(values).copyFrom(source);
  }

  @Override
  protected void download(MemorySegment target) {
    target.copyFrom(MemorySegment.ofArray(values));
  }

  @Override
  protected void release() {
    values = new float[0];
  }
}
