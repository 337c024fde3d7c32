package org.sepconv.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Tensor;

/** A tensor in an array on the heap, with slack at the end for vectors that read past it. */
final class CpuTensor extends Tensor {
  private final Span values;

  CpuTensor(CpuBackend backend, TensorSpec spec) {
    super(backend, spec);
    this.values = allocate(spec);
  }

  /** Floats for such a tensor, with the slack. */
  static Span allocate(TensorSpec spec) {
    return Span.ofLength(Math.addExact(spec.shape().elements(), RowKernel.SLACK));
  }

  Span values() {
    return values;
  }

  @Override
  protected void upload(MemorySegment source) {
    MemorySegment.copy(
        source,
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        0,
        values.array(),
        values.offset(),
        spec().shape().elements());
  }

  @Override
  protected void download(MemorySegment target) {
    MemorySegment.copy(
        values.array(),
        values.offset(),
        target,
        ValueLayout.JAVA_FLOAT_UNALIGNED,
        0,
        spec().shape().elements());
  }

  @Override
  protected void release() {
    // The garbage collector takes the array with the tensor.
  }
}
