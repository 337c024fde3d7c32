package org.sepconv.opencl;

import java.lang.foreign.MemorySegment;
import org.jocl.cl_mem;
import org.sepconv.TensorSpec;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.spi.Tensor;

/** A tensor in a buffer of the device. */
final class OpenClTensor extends Tensor {
  private final ClContext context;
  private final cl_mem buffer;

  OpenClTensor(OpenClBackend backend, ClContext context, TensorSpec spec) {
    super(backend, spec);
    this.context = context;
    this.buffer = context.allocate(spec.shape().bytes(), "a tensor of " + spec);
  }

  cl_mem buffer() {
    return buffer;
  }

  @Override
  protected void upload(MemorySegment source) {
    context.upload(source, buffer);
  }

  @Override
  protected void download(MemorySegment target) {
    context.download(buffer, target);
  }

  @Override
  protected void release() {
    context.free(buffer);
  }
}
