package org.sepconv.conformance;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.ElementType;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** The least that a backend can be, in float32 on plain loops; with a fault where one is asked. */
final class LoopBackend extends ConvBackend {
  final Fault fault;
  final int threads;

  /** For {@link Fault#SHARED_BACKEND_SCRATCH}. */
  final float[] sharedScratch = new float[1 << 16];

  /** For {@link Fault#CLOSES_OTHERS}. */
  final AtomicInteger closed = new AtomicInteger();

  /** For {@link Fault#WEIGHTS_CLOSED_WITH_FIRST}. */
  private final Map<Weights, float[]> filters =
      Collections.synchronizedMap(new IdentityHashMap<>());

  LoopBackend(DeviceInfo device, int threads, Fault fault) {
    super(device);
    this.threads = threads;
    this.fault = fault;
  }

  @Override
  public DeviceProfile profile() {
    return new DeviceProfile("a guess", 1e9, 1e9, 0, Map.of());
  }

  @Override
  protected Vocabulary vocabulary() {
    Vocabulary first = Vocabulary.FIRST;
    return switch (fault) {
      case ADD_OF_ONE -> first.with(List.of(Binary.class));
      case TYPES_ACCEPTED -> first.withTypes(EnumSet.allOf(ElementType.class));
      default -> first;
    };
  }

  @Override
  protected Support accepts(Problem problem) {
    if (fault == Fault.NO_REASON && isDilated(problem)) {
      return new Support.No(" ");
    }
    return problem.operation() instanceof Conv2d || isPlainSum(problem)
        ? Support.YES
        : new Support.No("one loop after the other");
  }

  private static boolean isPlainSum(Problem problem) {
    return problem.operation().equals(Binary.add())
        && problem.mayReplace(0)
        && problem.mayReplace(1);
  }

  private static boolean isDilated(Problem problem) {
    return problem.operation() instanceof Conv2d conv && conv.dilationH() > 1;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    return new LoopTensor(this, spec);
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    if (fault == Fault.BROKEN_PROMISE && isDilated(problem)) {
      throw new BackendException(device().id(), "no dilation after all");
    }
    if (problem.operation() instanceof Binary) {
      return new LoopAdd(this, problem);
    }
    ConvWeights given = (ConvWeights) weights;
    return new LoopConvolution(
        this,
        problem,
        problem.source().shape(),
        filter(given),
        given.biasOrZeros(problem.destination().shape().c()));
  }

  private float[] filter(ConvWeights weights) {
    return fault == Fault.WEIGHTS_CLOSED_WITH_FIRST
        ? filters.computeIfAbsent(weights, _ -> weights.filter())
        : weights.filter();
  }

  @Override
  protected void release() {}

  /** Values in the heap. */
  static final class LoopTensor extends Tensor {
    private static final float DIRT = 3;

    float[] values;

    LoopTensor(LoopBackend backend, TensorSpec spec) {
      super(backend, spec);
      values = new float[spec.shape().elements()];
      if (backend.fault == Fault.DIRTY_TENSORS) {
        java.util.Arrays.fill(values, DIRT);
      }
    }

    @Override
    protected void upload(MemorySegment source) {
      boolean kept = ((LoopBackend) backend()).fault == Fault.KEPT_ARRAY;
      if (kept && source.heapBase().orElse(values) instanceof float[] array) {
        values = array;
        return;
      }
      MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
    }

    @Override
    protected void download(MemorySegment target) {
      MemorySegment.copy(values, 0, target, ValueLayout.JAVA_FLOAT, 0, values.length);
    }

    @Override
    protected void release() {}
  }
}
