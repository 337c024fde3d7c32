package org.sepconv.opencl;

import java.lang.foreign.MemorySegment;
import org.jocl.cl_mem;
import org.sepconv.TensorSpec;
import org.sepconv.opencl.device.ClContext;
import org.sepconv.spi.Tensor;

/** A tensor in a buffer of the device, or in a part of one that serves others before and after. */
final class OpenClTensor extends Tensor {
  private final ClContext context;
  private final cl_mem buffer;

  /**
   * @param buffer which this frees
   */
  OpenClTensor(OpenClBackend backend, ClContext context, TensorSpec spec, cl_mem buffer) {
    super(backend, spec);
    this.context = context;
    this.buffer = buffer;
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
