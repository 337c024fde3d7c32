package org.sepconv.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** A prepared convolution and its tensors: the source, and the residual if there is one, filled. */
record Running(Prepared prepared, Tensor src, Optional<Tensor> residual, Tensor dst)
    implements AutoCloseable {

  static Running of(ConvBackend backend, TestData data, ShapeCase shape, Layout layout) {
    Problem problem = shape.problem(layout);
    float[][] inputs = data.inputs(problem);
    Prepared prepared = backend.prepare(problem, data.weights());
    List<Tensor> filled = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      filled.add(backend.allocate(problem.inputs().get(i)));
      filled.getLast().write(inputs[i]);
    }
    Optional<Tensor> residual =
        shape.convolution().residual() ? Optional.of(filled.getLast()) : Optional.empty();
    Tensor dst = backend.allocate(problem.destination());
    return new Running(prepared, filled.getFirst(), residual, dst);
  }

  TensorSpec source() {
    return prepared.problem().source();
  }

  TensorSpec destination() {
    return prepared.problem().destination();
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
