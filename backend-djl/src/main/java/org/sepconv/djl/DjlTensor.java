package org.sepconv.djl;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
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
  private final AtomicReference<SharedArray> current;

  /**
   * Takes over {@code array}, an N x C x H x W view that is dense in the layout of {@code spec}.
   */
  DjlTensor(DjlBackend backend, TensorSpec spec, PtNDArray array) {
    super(backend, spec);
    this.engine = backend;
    this.current = new AtomicReference<>(new SharedArray(array));
  }

  /** The array, which is not freed until the caller has released it. */
  SharedArray acquire() {
    while (true) {
      SharedArray shared = current.get();
      if (shared.acquire()) {
        return shared;
      }
    }
  }

  /** Takes over another array, dense as the one before, and lets go of that. */
  void replace(PtNDArray array) {
    current.getAndSet(new SharedArray(array)).release();
  }

  @Override
  protected void upload(MemorySegment source) {
    try {
      if (engine.onGpu()) {
        replace(engine.copyOf(spec(), source));
        return;
      }
      SharedArray shared = acquire();
      try (PtNDArray dense = inMemoryOrder(shared.array())) {
        HostCopy.write(dense, source);
      } finally {
        shared.release();
      }
    } catch (RuntimeException failure) {
      throw engine.failure("write " + spec(), failure);
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
    current.get().release();
  }

  /** A view of an N x C x H x W array whose dimensions are in the order of its memory. */
  private PtNDArray inMemoryOrder(PtNDArray array) {
    return spec().layout() == Layout.NCHW
        ? array.transpose(0, 1, 2, 3)
        : array.transpose(0, 2, 3, 1);
  }
}
