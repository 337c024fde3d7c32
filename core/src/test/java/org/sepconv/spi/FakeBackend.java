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
import java.util.stream.Stream;
import org.sepconv.Binary;
import org.sepconv.Convolution;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;

/**
 * A small backend on host memory that computes with the reference, counts what is alive, and can be
 * told to stop in the middle of a run or to fail.
 */
public final class FakeBackend extends ConvBackend {

  /** Why it leaves separable convolutions to their stages. */
  static final String UNFUSED = "it fuses nothing";

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
  volatile int failingExecution = -1;
  volatile Optional<BackendException> allocateFailure = Optional.empty();
  volatile boolean releaseFails;
  volatile boolean runFails;
  volatile boolean addsResiduals = true;

  /** Whether runs compute only when they are awaited. */
  volatile boolean queues;

  /** Whether what is prepared for one size is shared with that for another. */
  volatile boolean adapts;

  volatile Vocabulary vocabulary = Vocabulary.FIRST;
  final AtomicInteger runs = new AtomicInteger();

  /** How often it was asked whether it accepts something. */
  final AtomicInteger asked = new AtomicInteger();

  /** Those that were made and not yet given back. */
  final AtomicInteger executions = new AtomicInteger();

  /**
   * For each time that kernels were warmed up by themselves, how often something had run before.
   */
  final List<Integer> runsBeforeKernels = Collections.synchronizedList(new ArrayList<>());

  private volatile DeviceProfile profile;
  private volatile Runnable onPrepare = () -> {};
  private volatile Runnable onRun = () -> {};
  private volatile Runnable onTransfer = () -> {};
  private volatile Runnable onRelease = () -> {};
  private final AtomicInteger prepared = new AtomicInteger();

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

  /** The same, having learnt to add tensors. */
  public FakeBackend addsTensors() {
    vocabulary = vocabulary.with(List.of(Binary.class));
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

  /** How many tensors and prepared operations were closed. */
  public int closed() {
    return released.size();
  }

  /** How often something was prepared from scratch. */
  int prepared() {
    return prepared.get();
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
  protected Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  protected Support accepts(Problem problem) {
    asked.incrementAndGet();
    if (support instanceof Support.Yes && problem.operation() instanceof Convolution convolution) {
      if (convolution instanceof SeparableConv2d) {
        return new Support.No(UNFUSED);
      }
      if (convolution.residual() && !addsResiduals) {
        return new Support.No("it adds no residual");
      }
    }
    return support;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    if (allocateFailure.isPresent()) {
      throw allocateFailure.get();
    }
    HostTensor tensor = new HostTensor(spec);
    tensors.add(tensor);
    return tensor;
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    onPrepare.run();
    if (prepared.getAndIncrement() == failingPrepare) {
      switch (prepareFailure) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        default -> throw new AssertionError(prepareFailure);
      }
    }
    return new PreparedReference(problem, weights);
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

  private final class PreparedReference extends Prepared {
    private final Weights weights;

    PreparedReference(Problem problem, Weights weights) {
      super(FakeBackend.this, problem);
      this.weights = weights;
    }

    @Override
    public String kernel() {
      return "reference-" + problem().operation().kind();
    }

    @Override
    protected void warmUpKernels(long end) {
      runsBeforeKernels.add(runs.get());
    }

    @Override
    protected Execution execution() {
      if (executions.get() == failingExecution) {
        throw new BackendException(device().id(), "no queue");
      }
      executions.incrementAndGet();
      return new ReferenceExecution(problem(), weights);
    }

    @Override
    protected Optional<Prepared> adapted(Problem other, Weights given) {
      return adapts ? Optional.of(new PreparedReference(other, weights)) : Optional.empty();
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

  private final class ReferenceExecution extends Execution {
    private final Problem problem;
    private final Weights weights;
    private Runnable queued = () -> {};

    /** A microsecond in the first run of the backend, two in its second, and so on. */
    private long nanos;

    ReferenceExecution(Problem problem, Weights weights) {
      this.problem = problem;
      this.weights = weights;
    }

    @Override
    protected void start(Tensor[] inputs, Tensor[] outputs) {
      if (queues) {
        queued = () -> compute(inputs, outputs);
      } else {
        compute(inputs, outputs);
      }
    }

    @Override
    protected void await() {
      Runnable work = queued;
      queued = () -> {};
      work.run();
    }

    private void compute(Tensor[] inputs, Tensor[] outputs) {
      nanos = 1000L * runs.incrementAndGet();
      onRun.run();
      if (runFails) {
        throw new BackendException(device().id(), "lost in a run");
      }
      Pause pausing = pause;
      if (pausing != null) {
        pausing.hold();
      }
      float[][] values =
          Stream.of(inputs).map(tensor -> ((HostTensor) tensor).values).toArray(float[][]::new);
      float[] output = ((HostTensor) outputs[0]).values;
      if (problem.operation() instanceof Binary) {
        for (int i = 0; i < output.length; i++) {
          output[i] = values[0][i] + values[1][i];
        }
        return;
      }
      Reference.run(problem, weights, values).roundInto(output);
    }

    @Override
    protected long deviceNanos() {
      return nanos;
    }

    @Override
    protected void release() {
      executions.decrementAndGet();
    }
  }
}
