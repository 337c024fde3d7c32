package org.sepconv.session;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.sepconv.Activate;
import org.sepconv.Binary;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** The reference, which counts the nodes that are prepared and the bytes of its tensors. */
final class CountingBackend extends ConvBackend {
  /** Nodes that were prepared from scratch, and from others. */
  final AtomicInteger fromScratch = new AtomicInteger();

  final AtomicInteger adapted = new AtomicInteger();

  /** Nodes that are prepared now. */
  final AtomicInteger open = new AtomicInteger();

  /** Of all tensors that are allocated now. */
  final AtomicLong bytes = new AtomicLong();

  /** Done in each preparation, and in each run of a node. */
  volatile Runnable onPrepare = () -> {};

  volatile Runnable onRun = () -> {};

  CountingBackend() {
    super(new DeviceInfo("counting", "test", Map.of()));
  }

  @Override
  public DeviceProfile profile() {
    return DeviceProfile.REFERENCE;
  }

  @Override
  protected Vocabulary vocabulary() {
    return Vocabulary.FIRST.with(
        List.of(Activate.class, Binary.class, Reduce.class, TransposedConv2d.class));
  }

  @Override
  protected Support accepts(Problem problem) {
    return problem.operation() instanceof Graph ? new Support.No("node by node") : Support.YES;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    bytes.addAndGet(spec.bytes());
    return new CountedTensor(spec);
  }

  private final class CountedTensor extends Tensor {
    private final TensorSpec spec;
    private final float[] values;

    CountedTensor(TensorSpec spec) {
      super(CountingBackend.this, spec);
      this.spec = spec;
      this.values = new float[spec.shape().elements()];
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
      bytes.addAndGet(-spec.bytes());
    }
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    onPrepare.run();
    fromScratch.incrementAndGet();
    return new Counted(problem, weights);
  }

  private final class Counted extends Prepared {
    private final Weights weights;

    Counted(Problem problem, Weights weights) {
      super(CountingBackend.this, problem);
      this.weights = weights;
      open.incrementAndGet();
    }

    @Override
    public String kernel() {
      return "reference";
    }

    @Override
    protected Optional<Prepared> adapted(Problem other, Weights given) {
      adapted.incrementAndGet();
      return Optional.of(new Counted(other, given));
    }

    @Override
    protected Execution execution() {
      return new Execution() {
        @Override
        protected void start(Tensor[] inputs, Tensor[] outputs) {
          onRun.run();
          float[][] values = new float[inputs.length][];
          for (int i = 0; i < values.length; i++) {
            values[i] = ((CountedTensor) inputs[i]).values;
          }
          Reference.run(problem(), weights, values).roundInto(((CountedTensor) outputs[0]).values);
        }
      };
    }

    @Override
    protected void release() {
      open.decrementAndGet();
    }
  }

  @Override
  protected void release() {
    // The heap takes everything back.
  }
}
