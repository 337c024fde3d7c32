package org.sepconv.djl;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Tensor;

/**
 * A tensor in the memory of the engine.
 *
 * <p>The engine thinks in N, C, H, W. An NHWC tensor is dense memory in N, H, W, C order, of which
 * the engine holds a permuted view: its "channels last" format, on which it takes its fast path.
 * Every array in here is dense in the tensor's own order, so that moving data is one copy.
 */
final class DjlTensor extends Tensor {
  private final DjlBackend engine;

  /** Null while a run computes the next one, and where it failed. */
  private final AtomicReference<@Nullable SharedArray> current;

  /** Whether a run failed: zeros are made when they are asked for, for now memory may be short. */
  private volatile boolean lost;

  /**
   * Takes over {@code array}, an N x C x H x W view that is dense in the layout of {@code spec}.
   */
  DjlTensor(DjlBackend backend, TensorSpec spec, PtNDArray array) {
    super(backend, spec);
    this.engine = backend;
    this.current = new AtomicReference<>(new SharedArray(array));
  }

  /**
   * The array, which is not freed until the caller has released it.
   *
   * @throws IllegalStateException if a run is writing this tensor: the contract forbids to read it
   */
  SharedArray acquire() {
    while (true) {
      SharedArray shared = current.get();
      if (shared != null && shared.acquire()) {
        return shared;
      }
      if (shared == null) {
        makeReadable();
      }
    }
  }

  private void makeReadable() {
    if (!lost) {
      throw new IllegalStateException("tensor " + spec() + " is being written by a run");
    }
    try {
      SharedArray zeros = new SharedArray(engine.zeros(spec()));
      if (!current.compareAndSet(null, zeros)) {
        zeros.release(); // another reader was faster
      }
    } catch (RuntimeException failure) {
      throw engine.failure("allocate " + spec(), failure);
    }
  }

  /**
   * Lets go of the array before a run computes a new one, which the engine then puts in its place:
   * writing two places in turn instead costs 10 % at 56x56x64, where one fits the cache.
   */
  void vacate() {
    lost = false;
    replace(null);
  }

  /** Says that there will be no other: it is zeros from now on. */
  void lose() {
    lost = true;
  }

  /** Takes over another array, dense as the one before. */
  void fill(PtNDArray array) {
    replace(new SharedArray(array));
  }

  private void replace(@Nullable SharedArray next) {
    SharedArray previous = current.getAndSet(next);
    if (previous != null) {
      previous.release();
    }
  }

  @Override
  protected void upload(MemorySegment source) {
    if (engine.onGpu()) {
      try {
        fill(engine.copyOf(spec(), source));
      } catch (RuntimeException failure) {
        throw engine.failure("write " + spec(), failure);
      }
      return;
    }
    SharedArray shared = acquire();
    try (PtNDArray dense = inMemoryOrder(shared.array())) {
      HostCopy.write(dense, source);
    } catch (RuntimeException failure) {
      throw engine.failure("write " + spec(), failure);
    } finally {
      shared.release();
    }
  }

  @Override
  protected void download(MemorySegment target) {
    SharedArray shared = acquire();
    try (PtNDArray dense = inMemoryOrder(shared.array());
        PtNDArray onHost = dense.toDevice(Device.cpu(), false)) {
      HostCopy.read(onHost, target);
    } catch (RuntimeException failure) {
      throw engine.failure("read " + spec(), failure);
    } finally {
      shared.release();
    }
  }

  @Override
  protected void release() {
    vacate();
  }

  /** A view of an N x C x H x W array whose dimensions are in the order of its memory. */
  private PtNDArray inMemoryOrder(PtNDArray array) {
    return spec().layout() == Layout.NCHW
        ? array.transpose(0, 1, 2, 3)
        : array.transpose(0, 2, 3, 1);
  }
}
