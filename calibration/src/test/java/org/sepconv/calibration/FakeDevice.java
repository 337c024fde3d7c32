package org.sepconv.calibration;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Gather;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** Computes nothing, but moves a clock of its own forward as if it did. */
final class FakeDevice extends ConvBackend {
  final AtomicLong clock = new AtomicLong();

  /** Tensors and prepared problems that are not closed. */
  int open;

  private final ToDoubleFunction<Problem> seconds;
  private final double transferBandwidth;

  /** Takes so many seconds for a run; NaN fails, and a negative number is not supported. */
  FakeDevice(double transferBandwidth, ToDoubleFunction<Problem> seconds) {
    super(new DeviceInfo("fake", "A Fake", Map.of("driver", "1.0")));
    this.transferBandwidth = transferBandwidth;
    this.seconds = seconds;
  }

  private void advance(double time) {
    clock.addAndGet(Math.round(time * 1e9));
  }

  @Override
  public DeviceProfile profile() {
    Map<KernelKind, Double> efficiency = new EnumMap<>(KernelKind.class);
    for (KernelKind kind : KernelKind.values()) {
      efficiency.put(kind, 1.0);
    }
    return new DeviceProfile("made up", 1e9, 1e9, 0, efficiency);
  }

  @Override
  protected Vocabulary vocabulary() {
    return Vocabulary.FIRST
        .with(List.of(Activate.class, Gather.class))
        .withMoreActivations(List.of(Activation.Gelu.class));
  }

  @Override
  protected Support accepts(Problem problem) {
    return seconds.applyAsDouble(problem) < 0 ? new Support.No("too odd") : Support.YES;
  }

  @Override
  protected Tensor allocateTensor(TensorSpec spec) {
    open++;
    return new Tensor(this, spec) {
      @Override
      protected void upload(MemorySegment source) {
        advance(source.byteSize() / transferBandwidth);
      }

      @Override
      protected void download(MemorySegment target) {
        advance(target.byteSize() / transferBandwidth);
      }

      @Override
      protected void release() {
        open--;
      }
    };
  }

  @Override
  protected Prepared prepareProblem(Problem problem, Weights weights) {
    open++;
    double each = seconds.applyAsDouble(problem);
    return new Prepared(this, problem) {
      @Override
      public String kernel() {
        return "fake";
      }

      @Override
      protected Execution execution() {
        return new Execution() {
          private int runs;

          @Override
          protected void start(Tensor[] inputs, Tensor[] outputs) {
            if (Double.isNaN(each)) {
              throw new BackendException("fake", "out of resources");
            }
            advance(runs++ < 3 ? 100 * each : each); // cold at first
          }
        };
      }

      @Override
      protected void release() {
        open--;
      }
    };
  }

  @Override
  protected void release() {}
}
