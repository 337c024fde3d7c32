package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.KernelKind;
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
  volatile boolean addsResiduals = true;
  final AtomicInteger runs = new AtomicInteger();

  /**
   * For each time that kernels were warmed up by themselves, how often something had run before.
   */
  final List<Integer> runsBeforeKernels = Collections.synchronizedList(new ArrayList<>());

  private volatile DeviceProfile profile;
  private volatile Runnable onPrepare = () -> {};
  private volatile Runnable onRun = () -> {};
  private volatile Runnable onTransfer = () -> {};
  private volatile Runnable onRelease = () -> {};
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
    profile = profile(peakFlops, 1e15);
  }

  private static DeviceProfile profile(double peakFlops, double bandwidth) {
    return new DeviceProfile(
        "fake",
        peakFlops,
        bandwidth,
        0,
        Map.of(
            KernelKind.STANDARD, 1.0,
            KernelKind.GROUPED, 1.0,
            KernelKind.DEPTHWISE, 1.0,
            KernelKind.POINTWISE, 1.0));
  }

  /** The same with a bandwidth, for predictions of what must be moved. */
  public FakeBackend withBandwidth(double bytesPerSecond) {
    profile = profile(profile.peakFlops(), bytesPerSecond);
    return this;
  }

  /** The same, doing this before whatever is prepared; it may throw. */
  public FakeBackend onPrepare(Runnable action) {
    onPrepare = action;
    return this;
  }

  /** The same, doing this in every run; it may throw. */
  public FakeBackend onRun(Runnable action) {
    onRun = action;
    return this;
  }

  /** The same, doing this whenever a tensor is written or read; it may throw. */
  public FakeBackend onTransfer(Runnable action) {
    onTransfer = action;
    return this;
  }

  /** The same, doing this when something prepared is closed; it may throw. */
  public FakeBackend onRelease(Runnable action) {
    onRelease = action;
    return this;
  }

  /** How many tensors and prepared convolutions were closed. */
  public int closed() {
    return released.size();
  }

  /** How often something ran. */
  public int runs() {
    return runs.get();
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
    onPrepare.run();
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
      onTransfer.run();
      MemorySegment.ofArray(values).copyFrom(source);
    }

    @Override
    protected void download(MemorySegment target) {
      onTransfer.run();
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
    protected void warmUpKernels(long end) {
      runsBeforeKernels.add(runs.get());
    }

    @Override
    protected void compute(Tensor src, Tensor dst) {
      compute(src, Optional.empty(), dst);
    }

    @Override
    protected void compute(Tensor src, Tensor residual, Tensor dst) {
      if (!addsResiduals) {
        super.compute(src, residual, dst);
      }
      float[] values = ((HostTensor) residual).values;
      Layout layout = source().layout();
      Optional<float[]> ordered =
          Optional.of(
              destination().layout().convert(destination().shape(), values.clone(), layout));
      compute(src, ordered, dst);
    }

    private void compute(Tensor src, Optional<float[]> residual, Tensor dst) {
      runs.incrementAndGet();
      onRun.run();
      if (runFails) {
        throw new BackendException(device().id(), "lost in a run");
      }
      Pause pausing = pause;
      if (pausing != null) {
        pausing.hold();
      }
      float[] input = ((HostTensor) src).values;
      Reference.Result result = Reference.run(convolution(), weights, source(), input, residual);
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
      onRelease.run();
      if (releaseFails) {
        throw new BackendException(device().id(), "lost");
      }
    }
  }
}
