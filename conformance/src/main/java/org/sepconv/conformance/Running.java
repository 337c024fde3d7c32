package org.sepconv.conformance;

import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** A prepared convolution and its tensors: the source, and the residual if there is one, filled. */
record Running(PreparedConvolution prepared, Tensor src, Optional<Tensor> residual, Tensor dst)
    implements AutoCloseable {

  static Running of(ConvBackend backend, TestData data, ShapeCase shape, Layout layout) {
    TensorSpec source = new TensorSpec(shape.input(), layout);
    PreparedConvolution prepared = backend.prepare(shape.convolution(), data.weights(), source);
    Tensor src = backend.allocate(source);
    Tensor dst = backend.allocate(prepared.destination());
    src.write(Layout.NCHW.convert(shape.input(), data.input(), layout));
    Optional<Tensor> residual =
        data.residual()
            .map(
                values -> {
                  Tensor added = backend.allocate(prepared.destination());
                  added.write(Layout.NCHW.convert(shape.output(), values, layout));
                  return added;
                });
    return new Running(prepared, src, residual, dst);
  }

  float[] run() {
    run(src, dst);
    return dst.read();
  }

  /** On other tensors, but the same residual. */
  void run(Tensor from, Tensor to) {
    residual.ifPresentOrElse(added -> prepared.run(from, added, to), () -> prepared.run(from, to));
  }

  @Override
  public void close() {
    prepared.close();
    src.close();
    residual.ifPresent(Tensor::close);
    dst.close();
  }
}
