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
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** A prepared convolution and its tensors: the source, and the residual if there is one, filled. */
record Running(Prepared prepared, Tensor src, Optional<Tensor> residual, Tensor dst)
    implements AutoCloseable {

  static Running of(ConvBackend backend, TestData data, ShapeCase shape, Layout layout) {
    return of(backend.prepare(shape.problem(layout), data.weights()), data);
  }

  /** Of what is prepared, which is closed with it. */
  static Running of(Prepared prepared, TestData data) {
    ConvBackend backend = prepared.backend();
    Problem problem = prepared.problem();
    float[][] inputs = data.inputs(problem);
    List<Tensor> filled = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      filled.add(backend.allocate(problem.inputs().get(i)));
      filled.getLast().write(inputs[i]);
    }
    Optional<Tensor> residual =
        filled.size() > 1 ? Optional.of(filled.getLast()) : Optional.empty();
    Tensor dst = backend.allocate(problem.destination());
    return new Running(prepared, filled.getFirst(), residual, dst);
  }

  TensorSpec source() {
    return prepared.problem().source();
  }

  TensorSpec destination() {
    return prepared.problem().destination();
  }

  /** The source, then the residual if there is one. */
  List<Tensor> inputs() {
    List<Tensor> inputs = new ArrayList<>(List.of(src));
    residual.ifPresent(inputs::add);
    return inputs;
  }

  /** To run on its own tensors, many times; the caller closes it. */
  Run bind() {
    return prepared.bind(inputs(), List.of(dst));
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
