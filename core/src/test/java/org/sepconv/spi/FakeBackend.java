package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.sepconv.Conv2d;
import org.sepconv.ConvKind;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;

/**
 * A small backend on host memory that computes with the reference, counts what is alive, and can be
 * told to stop in the middle of a run or to fail.
 */
public final class FakeBackend extends ConvBackend {

  /** A run that says when it has begun, and waits until it may end. */
  static final class Pause {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);

    void hold() {
      begun.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException interrupted) {
        throw new AssertionError(interrupted);
      }
    }
  }

  final List<String> released = Collections.synchronizedList(new ArrayList<>());
  final List<HostTensor> tensors = Collections.synchronizedList(new ArrayList<>());
  volatile Pause pause;
  volatile Support support = Support.YES;
  volatile Throwable prepareFailure;
  volatile int failingPrepare = -1;
  volatile boolean releaseFails;
  volatile boolean runFails;
  final AtomicInteger runs = new AtomicInteger();
  private final DeviceProfile profile;
  private int prepared;

  public FakeBackend(String id) {
    this(id, 1e9);
  }

  /** With a peak, for predictions. */
  public FakeBackend(String id, double peakFlops) {
    this(id, peakFlops, Duration.ZERO);
  }

  /** With time to warm up. */
  FakeBackend(String id, double peakFlops, Duration warmUp) {
    super(new DeviceInfo(id, "Fake device " + id, Map.of()), warmUp);
    profile =
        new DeviceProfile(
            "fake",
            peakFlops,
            1e15,
            0,
            Map.of(
                ConvKind.STANDARD, 1.0,
                ConvKind.GROUPED, 1.0,
                ConvKind.DEPTHWISE, 1.0,
                ConvKind.POINTWISE, 1.0));
  }

  /** The same, failing when it is closed. */
  public FakeBackend failingOnClose() {
    releaseFails = true;
    return this;
  }

  /** The same, supporting nothing; without a reason, not even answering. */
  public FakeBackend unsupporting(String reason) {
    support = reason == null ? null : new Support.No(reason);
    return this;
  }

  /** Whether it was closed. */
  public boolean isReleased() {
    return released.contains("backend");
  }

  @Override
  public DeviceProfile profile() {
    return profile;
  }

  @Override
  public Support supports(Convolution convolution, TensorSpec source, Layout destination) {
    return support;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    HostTensor tensor = new HostTensor(spec);
    tensors.add(tensor);
    return tensor;
  }

  @Override
  protected PreparedConvolution prepareConv2d(
      Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
    if (prepared++ == failingPrepare) {
      switch (prepareFailure) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new AssertionError(prepareFailure);
      }
    }
    return new PreparedReference(conv, weights, source, destination);
  }

  @Override
  protected void release() {
    released.add("backend");
    if (releaseFails) {
      throw new BackendException(device().id(), "lost");
    }
  }

  final class HostTensor extends Tensor {
    final float[] values;

    HostTensor(TensorSpec spec) {
      super(FakeBackend.this, spec);
      values = new float[spec.shape().elements()];
    }

    @Override
    protected void upload(MemorySegment source) {
      MemorySegment.ofArray(values).copyFrom(source);
    }

    @Override
    protected void download(MemorySegment target) {
      target.copyFrom(MemorySegment.ofArray(values));
    }

    @Override
    protected void release() {
      released.add("tensor " + spec());
    }
  }

  private final class PreparedReference extends PreparedConvolution {
    private final ConvWeights weights;

    PreparedReference(Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
      super(FakeBackend.this, conv, source, destination);
      this.weights = weights;
    }

    @Override
    public String kernel() {
      return "reference-" + ((Conv2d) convolution()).kind();
    }

    @Override
    protected void compute(Tensor src, Tensor dst) {
      runs.incrementAndGet();
      if (runFails) {
        throw new BackendException(device().id(), "lost in a run");
      }
      Pause pausing = pause;
      if (pausing != null) {
        pausing.hold();
      }
      float[] input = ((HostTensor) src).values;
      Reference.Result result = Reference.run(convolution(), weights, source(), input);
      Layout from = result.spec().layout();
      float[] output = new float[result.values().length];
      for (int i = 0; i < output.length; i++) {
        output[i] = (float) result.values()[i];
      }
      float[] ordered = from.convert(result.spec().shape(), output, destination().layout());
      System.arraycopy(ordered, 0, ((HostTensor) dst).values, 0, ordered.length);
    }

    @Override
    protected void release() {
      released.add(kernel());
      if (releaseFails) {
        throw new BackendException(device().id(), "lost");
      }
    }
  }
}
