package org.sepconv.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Tensor;

/** A tensor in an array on the heap, with slack at the end for vectors that read past it. */
final class CpuTensor extends Tensor {
  private final float[] values;

  CpuTensor(CpuBackend backend, TensorSpec spec) {
    super(backend, spec);
    this.values = new float[arrayLength(spec)];
  }

  static int arrayLength(TensorSpec spec) {
    // At the very top of the range the slack does not fit: then vectors stop earlier.
    return Math.toIntExact((long) spec.shape().elements() + RowKernel.SLACK);
  }

  float[] values() {
    return values;
  }

  @Override
  protected void upload(MemorySegment source) {
    MemorySegment.copy(
        source, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, spec().shape().elements());
  }

  @Override
  protected void download(MemorySegment target) {
    MemorySegment.copy(
        values, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, spec().shape().elements());
  }

  @Override
  protected void release() {
    // The garbage collector takes the array with the tensor.
  }
}
