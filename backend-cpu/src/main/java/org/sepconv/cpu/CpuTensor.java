package org.sepconv.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sepconv.TensorSpec;
import org.sepconv.cpu.layout.BlockConversion;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.Tensor;

/**
 * A tensor in an array on the heap, in blocks of channels. NCHW and NHWC are what is written and
 * read; inside, both are the same.
 */
final class CpuTensor extends Tensor {
  private final BlockConversion conversion;
  private final Span values;

  /**
   * @param values zeros, with slack
   */
  CpuTensor(CpuBackend backend, TensorSpec spec, BlockConversion conversion, Span values) {
    super(backend, spec);
    this.conversion = conversion;
    this.values = values;
  }

  Span values() {
    return values;
  }

  @Override
  protected void upload(MemorySegment source) {
    if (source.heapBase().orElse(null) instanceof float[] array && source.address() % 4 == 0) {
      conversion.upload(array, (int) (source.address() / 4), values);
      return;
    }
    float[] copy = new float[spec().shape().elements()];
    MemorySegment.copy(source, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, copy, 0, copy.length);
    conversion.upload(copy, 0, values);
  }

  @Override
  protected void download(MemorySegment target) {
    if (target.heapBase().orElse(null) instanceof float[] array && target.address() % 4 == 0) {
      conversion.download(values, array, (int) (target.address() / 4));
      return;
    }
    float[] copy = new float[spec().shape().elements()];
    conversion.download(values, copy, 0);
    MemorySegment.copy(copy, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, copy.length);
  }

  @Override
  protected void reuse() {
    conversion.clearPadding(values);
  }

  @Override
  protected void release() {
    // The garbage collector takes the array with the tensor.
  }
}
