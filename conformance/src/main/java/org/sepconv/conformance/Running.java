package org.sepconv.conformance;

import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** A prepared convolution and its two tensors, the source filled. */
record Running(PreparedConvolution prepared, Tensor src, Tensor dst) implements AutoCloseable {

  static Running of(ConvBackend backend, TestData data, ShapeCase shape, Layout layout) {
    TensorSpec source = new TensorSpec(shape.input(), layout);
    PreparedConvolution prepared = backend.prepare(shape.convolution(), data.weights(), source);
    Tensor src = backend.allocate(source);
    Tensor dst = backend.allocate(prepared.destination());
    src.write(Layout.NCHW.convert(shape.input(), data.input(), layout));
    return new Running(prepared, src, dst);
  }

  float[] run() {
    prepared.run(src, dst);
    return dst.read();
  }

  @Override
  public void close() {
    prepared.close();
    src.close();
    dst.close();
  }
}
