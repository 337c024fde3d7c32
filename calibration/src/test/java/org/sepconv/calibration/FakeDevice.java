package org.sepconv.calibration;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** Computes nothing, but moves a clock of its own forward as if it did. */
final class FakeDevice extends ConvBackend {
  final AtomicLong clock = new AtomicLong();

  /** Tensors and convolutions that are not closed. */
  int open;

  private final ToDoubleFunction<Workload> seconds;
  private final double transferBandwidth;

  /** Takes so many seconds for a run; NaN fails, and a negative number is not supported. */
  FakeDevice(double transferBandwidth, ToDoubleFunction<Workload> seconds) {
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
  public Support supports(Convolution convolution, TensorSpec source, Layout destination) {
    return seconds.applyAsDouble(new Workload(convolution, source.shape())) < 0
        ? new Support.No("too odd")
        : Support.YES;
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
  protected PreparedConvolution prepareConv2d(
      Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
    return prepared(conv, source, destination);
  }

  @Override
  protected PreparedConvolution prepareSeparable(
      SeparableConv2d separable,
      SeparableWeights weights,
      TensorSpec source,
      TensorSpec destination) {
    return prepared(separable, source, destination);
  }

  private PreparedConvolution prepared(
      Convolution convolution, TensorSpec source, TensorSpec destination) {
    open++;
    double each = seconds.applyAsDouble(new Workload(convolution, source.shape()));
    return new PreparedConvolution(this, convolution, source, destination) {
      private int runs;

      @Override
      public String kernel() {
        return "fake";
      }

      @Override
      protected void compute(Tensor src, Tensor dst) {
        if (Double.isNaN(each)) {
          throw new BackendException("fake", "out of resources");
        }
        advance(runs++ < 3 ? 100 * each : each); // cold at first
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
