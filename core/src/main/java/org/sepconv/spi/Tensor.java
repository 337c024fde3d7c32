package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.sepconv.TensorSpec;

/**
 * Float32 values on the device of one backend. Values move in and out in the order of the tensor's
 * own layout; {@link org.sepconv.Layout#convert} turns them into another.
 *
 * <p>The contents are not synchronised: a tensor may be read by many runs at once, but written by
 * one only. Closing waits for runs that use it, then gives its memory back; using it afterwards is
 * an {@link IllegalStateException}.
 */
public abstract class Tensor implements AutoCloseable {
  private final ConvBackend backend;
  private final TensorSpec spec;
  private final Lifecycle lifecycle;

  /** For backends. The contents start as zeros. */
  @SuppressWarnings("this-escape") // release() is only kept here, and called by close()
  protected Tensor(ConvBackend backend, TensorSpec spec) {
    this.backend = Objects.requireNonNull(backend, "backend");
    this.spec = Objects.requireNonNull(spec, "spec");
    this.lifecycle =
        new Lifecycle("tensor " + spec + " of " + backend.device().id(), this::release);
  }

  /** The backend that owns this tensor and alone can compute with it. */
  public final ConvBackend backend() {
    return backend;
  }

  public final TensorSpec spec() {
    return spec;
  }

  /**
   * Copies all values from the host into the tensor.
   *
   * @throws IllegalArgumentException if there are more or fewer than the shape needs
   */
  public final void write(float[] values) {
    write(MemorySegment.ofArray(Objects.requireNonNull(values, "values")));
  }

  /**
   * Copies all values from a segment of native-order float32 values, heap or native, into the
   * tensor.
   *
   * @throws IllegalArgumentException if the segment has more or fewer bytes than the shape needs
   */
  public final void write(MemorySegment values) {
    checkBytes(values);
    use(() -> upload(values));
  }

  /** All values, in a new array. */
  public final float[] read() {
    float[] values = new float[spec.shape().elements()];
    read(values);
    return values;
  }

  /**
   * Copies all values to the host.
   *
   * @throws IllegalArgumentException if the array is longer or shorter than the shape
   */
  public final void read(float[] values) {
    read(MemorySegment.ofArray(Objects.requireNonNull(values, "values")));
  }

  /**
   * Copies all values into a segment of native-order float32 values, heap or native.
   *
   * @throws IllegalArgumentException if the segment has more or fewer bytes than the shape, or is
   *     read-only
   */
  public final void read(MemorySegment values) {
    checkBytes(values);
    if (values.isReadOnly()) {
      throw new IllegalArgumentException("the values cannot be read into a read-only segment");
    }
    use(() -> download(values));
  }

  private void checkBytes(MemorySegment values) {
    long size = ValueLayout.JAVA_FLOAT.byteSize();
    if (values.byteSize() % size != 0) {
      throw new IllegalArgumentException(
          "%d bytes are not a whole number of float32 values".formatted(values.byteSize()));
    }
    spec.shape().checkLength("values", values.byteSize() / size);
  }

  private void use(Runnable action) {
    enter();
    try {
      action.run();
    } finally {
      leave();
    }
  }

  final void enter() {
    backend.enter();
    try {
      lifecycle.enter();
    } catch (IllegalStateException closed) {
      backend.leave();
      throw closed;
    }
  }

  final void leave() {
    lifecycle.leave();
    backend.leave();
  }

  @Override
  public final void close() {
    lifecycle.close();
  }

  /** Copies from the host: the size is right, and the tensor open. */
  protected abstract void upload(MemorySegment source);

  /** Copies to the host: the size is right, and the tensor open. */
  protected abstract void download(MemorySegment target);

  /**
   * Restores what a new tensor is beside its values, where other tensors share its memory and have
   * been used since. The values may be anything.
   */
  protected void reuse() {
    // Most tensors are nothing but their values.
  }

  /** Gives the memory back; called once, when nothing uses it any more. */
  protected abstract void release();
}
