package org.sepconv.spi;

import java.util.Objects;
import org.sepconv.Convolution;
import org.sepconv.TensorSpec;

/**
 * A convolution that is ready to run on tensors of one shape and layout: weights packed, kernels
 * compiled, nothing left to do but to compute.
 *
 * <p>Immutable; any number of threads may run it at once, each with its own destination. The same
 * input gives the same bits every time. Closing waits for the runs under way; a run afterwards is
 * an {@link IllegalStateException}.
 */
public abstract class PreparedConvolution implements AutoCloseable {
  private final ConvBackend backend;
  private final Convolution convolution;
  private final TensorSpec source;
  private final TensorSpec destination;
  private final Lifecycle lifecycle;
  private final Workspaces<Tensors> kept;

  /** For backends. */
  @SuppressWarnings("this-escape") // release() is only kept here, and called by close()
  protected PreparedConvolution(
      ConvBackend backend, Convolution convolution, TensorSpec source, TensorSpec destination) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.convolution = Objects.requireNonNull(convolution, "convolution");
    this.source = Objects.requireNonNull(source, "source");
    this.destination = Objects.requireNonNull(destination, "destination");
    this.kept = new Workspaces<>(() -> Tensors.allocate(backend, source, destination));
    this.lifecycle =
        new Lifecycle("prepared " + convolution + " of " + backend.device().id(), this::releaseAll);
  }

  public final ConvBackend backend() {
    return backend;
  }

  public final Convolution convolution() {
    return convolution;
  }

  /** What {@link #run} takes. */
  public final TensorSpec source() {
    return source;
  }

  /** What {@link #run} fills, and what a residual must be. */
  public final TensorSpec destination() {
    return destination;
  }

  /**
   * Computes the convolution of {@code src} into every value of {@code dst}; when it returns, the
   * result can be read.
   *
   * @throws IllegalArgumentException if a tensor has another shape or layout than {@link #source()}
   *     and {@link #destination()}, or belongs to another backend, or both are the same tensor, or
   *     the convolution adds a residual
   * @throws IllegalStateException if this, a tensor or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(Tensor src, Tensor dst) {
    requireNoResidual();
    check(src, dst);
    enterAndCompute(src, dst, dst);
  }

  /**
   * Computes the convolution of {@code src} with {@code residual} added before the activation, into
   * every value of {@code dst}. The residual is only read, unless it is {@code dst}, which it may
   * be: then the output takes its place, and no third tensor is needed. It may also be {@code src}.
   *
   * @param residual as {@link #destination()}
   * @throws IllegalArgumentException if a tensor has another shape or layout than {@link #source()}
   *     and {@link #destination()}, or belongs to another backend, or source and destination are
   *     the same tensor, or the convolution adds no residual
   * @throws IllegalStateException if this, a tensor or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(Tensor src, Tensor residual, Tensor dst) {
    requireResidual();
    check(src, dst);
    check("residual", residual, destination);
    residual.enter();
    try {
      enterAndCompute(src, residual, dst);
    } finally {
      residual.leave();
    }
  }

  /**
   * @param residual of no account where the convolution adds none
   */
  private void enterAndCompute(Tensor src, Tensor residual, Tensor dst) {
    lifecycle.enter();
    try {
      src.enter();
      try {
        dst.enter();
        try {
          if (convolution.residual()) {
            compute(src, residual, dst);
          } else {
            compute(src, dst);
          }
        } finally {
          dst.leave();
        }
      } finally {
        src.leave();
      }
    } finally {
      lifecycle.leave();
    }
  }

  /**
   * Computes the convolution of the values in {@code src} into {@code dst}, both in the order of
   * {@link #source()}'s and {@link #destination()}'s layouts. A backend that can read and write
   * arrays does so; others copy them to tensors and back.
   *
   * @throws IllegalArgumentException if an array has another length than its shape needs, or both
   *     are the same array, or the convolution adds a residual
   * @throws IllegalStateException if this or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(float[] src, float[] dst) {
    requireNoResidual();
    check(src, dst);
    enterAndCompute(src, dst, dst);
  }

  /**
   * The same with {@code residual} added before the activation. It has the order of {@link
   * #destination()}'s layout, and may be {@code dst} or {@code src}.
   *
   * @throws IllegalArgumentException if an array has another length than its shape needs, or source
   *     and destination are the same array, or the convolution adds no residual
   * @throws IllegalStateException if this or the backend is closed
   * @throws BackendException if the device fails
   */
  public final void run(float[] src, float[] residual, float[] dst) {
    requireResidual();
    check(src, dst);
    Objects.requireNonNull(residual, "residual values");
    destination.shape().checkLength("residual values", residual.length);
    enterAndCompute(src, residual, dst);
  }

  private void enterAndCompute(float[] src, float[] residual, float[] dst) {
    lifecycle.enter();
    try {
      backend.enter();
      try {
        if (convolution.residual()) {
          compute(src, residual, dst);
        } else {
          compute(src, dst);
        }
      } finally {
        backend.leave();
      }
    } finally {
      lifecycle.leave();
    }
  }

  private void requireNoResidual() {
    if (convolution.residual()) {
      throw new IllegalArgumentException(
          "%s adds a residual, but none was given; it is the argument after the input"
              .formatted(convolution));
    }
  }

  private void requireResidual() {
    if (!convolution.residual()) {
      throw new IllegalArgumentException(
          "a residual was given, but %s adds none; leave it out, or describe the convolution with residual()"
              .formatted(convolution));
    }
  }

  private void check(float[] src, float[] dst) {
    Objects.requireNonNull(src, "source values");
    Objects.requireNonNull(dst, "destination values");
    source.shape().checkLength("source values", src.length);
    destination.shape().checkLength("destination values", dst.length);
    if (src == dst) {
      throw new IllegalArgumentException(
          "source and destination are the same array; a convolution cannot run in place");
    }
  }

  private void check(Tensor src, Tensor dst) {
    check("source", src, source);
    check("destination", dst, destination);
    if (src == dst) {
      throw new IllegalArgumentException(
          "source and destination are the same tensor; a convolution cannot run in place");
    }
  }

  private void check(String which, Tensor tensor, TensorSpec expected) {
    Objects.requireNonNull(tensor, which);
    if (tensor.backend() != backend) {
      throw new IllegalArgumentException(
          "the %s belongs to another backend (%s), but this convolution runs on %s; read() it there and write() it here"
              .formatted(which, tensor.backend().device().id(), backend.device().id()));
    }
    if (!tensor.spec().equals(expected)) {
      throw new IllegalArgumentException(
          "the %s is %s, but the convolution was prepared for %s"
              .formatted(which, tensor.spec(), expected));
    }
  }

  @Override
  public final void close() {
    lifecycle.close();
  }

  /** What runs, as in {@code f32-separable-nhwc-3x3s2-vector}: for logs, plans and benchmarks. */
  public abstract String kernel();

  /**
   * Computes a convolution without a residual: the tensors are this backend's, of the right shapes,
   * open, and not the same.
   */
  protected abstract void compute(Tensor src, Tensor dst);

  /**
   * Computes a convolution with a residual. As the one without; the residual may be the source or
   * the destination: then each of its values must be read before it is overwritten.
   *
   * <p>A backend that does not override this says no in {@link ConvBackend#supports}.
   */
  protected void compute(Tensor src, Tensor residual, Tensor dst) {
    throw new BackendException(
        backend.device().id(),
        kernel() + " adds no residual, but supports() accepted " + convolution);
  }

  /**
   * Computes: the arrays are of the right lengths, and not the same. Through two tensors that are
   * kept for the next time, more only while runs overlap; a backend that can do without overrides
   * this.
   */
  protected void compute(float[] src, float[] dst) {
    Tensors tensors = kept.take();
    try {
      tensors.in.write(src);
      compute(tensors.in, tensors.out);
      tensors.out.read(dst);
    } finally {
      giveBack(tensors);
    }
  }

  /** The same with a residual, which may be the source or the destination. */
  protected void compute(float[] src, float[] residual, float[] dst) {
    Tensors tensors = kept.take();
    try {
      tensors.in.write(src);
      tensors.out.write(residual);
      compute(tensors.in, tensors.out, tensors.out);
      tensors.out.read(dst);
    } finally {
      giveBack(tensors);
    }
  }

  private void giveBack(Tensors tensors) {
    if (!kept.give(tensors)) {
      tensors.close();
    }
  }

  private void releaseAll() {
    try {
      kept.clear(Tensors::close);
    } finally {
      release();
    }
  }

  /** What runs from array to array go through. */
  private record Tensors(Tensor in, Tensor out) {
    static Tensors allocate(ConvBackend backend, TensorSpec source, TensorSpec destination) {
      Tensor in = backend.allocate(source);
      try {
        return new Tensors(in, backend.allocate(destination));
      } catch (RuntimeException | Error failure) {
        in.close();
        throw failure;
      }
    }

    void close() {
      try {
        in.close();
      } finally {
        out.close();
      }
    }
  }

  /**
   * Makes the code of the kernels fast, by whatever means is quicker than to run them as they are;
   * called before the first run and between others, and only where there is a budget to warm up.
   * Must be quick where there is nothing left to do.
   *
   * @param end when to stop, as {@link System#nanoTime()}
   */
  protected void warmUpKernels(long end) {
    // Running is all that there is to do.
  }

  /** Gives weights and kernels back; called once, when nothing uses them any more. */
  protected abstract void release();
}
