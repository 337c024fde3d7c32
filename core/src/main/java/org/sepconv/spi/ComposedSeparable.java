package org.sepconv.spi;

import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;

/** A separable convolution as one convolution after the other, with a tensor between them. */
final class ComposedSeparable extends PreparedConvolution {
  private final PreparedConvolution depthwise;
  private final PreparedConvolution pointwise;

  /** Tensors between the stages: one for each run that was ever under way at the same time. */
  private final Workspaces<Tensor> between;

  private ComposedSeparable(
      SeparableConv2d separable, PreparedConvolution depthwise, PreparedConvolution pointwise) {
    super(depthwise.backend(), separable, depthwise.source(), pointwise.destination());
    this.depthwise = depthwise;
    this.pointwise = pointwise;
    this.between =
        new Workspaces<>(() -> depthwise.backend().allocateTensor(depthwise.destination()));
  }

  static ComposedSeparable prepare(
      ConvBackend backend,
      SeparableConv2d separable,
      SeparableWeights weights,
      TensorSpec source,
      TensorSpec destination) {
    PreparedConvolution depthwise =
        backend.prepareCold(
            separable.depthwise(), weights.depthwise(), source, destination.layout());
    try {
      PreparedConvolution pointwise =
          backend.prepareCold(
              separable.pointwise(),
              weights.pointwise(),
              depthwise.destination(),
              destination.layout());
      return new ComposedSeparable(separable, depthwise, pointwise);
    } catch (RuntimeException | Error failure) {
      depthwise.close();
      throw failure;
    }
  }

  @Override
  public String kernel() {
    return depthwise.kernel() + " + " + pointwise.kernel();
  }

  @Override
  protected void compute(Tensor src, Tensor dst) {
    Tensor middle = between.take();
    try {
      // Not run(): this run has entered everything already, and a close that waits for it would
      // refuse to let it enter again.
      depthwise.compute(src, middle);
      pointwise.compute(middle, dst);
    } finally {
      giveBack(middle);
    }
  }

  @Override
  protected void compute(Tensor src, Tensor residual, Tensor dst) {
    Tensor middle = between.take();
    try {
      depthwise.compute(src, middle);
      pointwise.compute(middle, residual, dst);
    } finally {
      giveBack(middle);
    }
  }

  private void giveBack(Tensor middle) {
    if (!between.give(middle)) {
      middle.close();
    }
  }

  @Override
  protected void warmUpKernels(long end) {
    depthwise.warmUpKernels(end);
    pointwise.warmUpKernels(end);
  }

  @Override
  protected void release() {
    try (pointwise;
        depthwise) {
      between.clear(Tensor::close);
    }
  }
}
