package org.sepconv.cli;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.KernelKind;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** The float64 reference as a backend, so that commands are tested without a real one. */
public final class ApplyReferenceProvider implements ConvBackendProvider {
  private static final DeviceInfo DEVICE = new DeviceInfo("reference", "float64 loops", Map.of());

  private final boolean failing;

  private ApplyReferenceProvider(boolean failing) {
    this.failing = failing;
  }

  public static ApplyReferenceProvider working() {
    return new ApplyReferenceProvider(false);
  }

  /** One whose every run fails as a device does. */
  public static ApplyReferenceProvider failing() {
    return new ApplyReferenceProvider(true);
  }

  @Override
  public String name() {
    return DEVICE.id();
  }

  @Override
  public int rank() {
    return 1;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(List.of(DEVICE));
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    return new Backend(failing);
  }

  private static final class Backend extends ConvBackend {
    private final boolean failing;

    Backend(boolean failing) {
      super(DEVICE);
      this.failing = failing;
    }

    @Override
    public DeviceProfile profile() {
      Map<KernelKind, Double> efficiency = new EnumMap<>(KernelKind.class);
      Arrays.stream(KernelKind.values()).forEach(kind -> efficiency.put(kind, 1.0));
      return new DeviceProfile("a guess", 1e9, 1e9, 0, efficiency);
    }

    @Override
    public Support supports(Convolution convolution, TensorSpec source, Layout destination) {
      return Support.YES;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return new HostTensor(this, spec);
    }

    @Override
    protected PreparedConvolution prepareConv2d(
        Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
      return new PreparedConvolution(this, conv, source, destination) {
        @Override
        public String kernel() {
          return "f64-reference";
        }

        @Override
        protected void compute(Tensor src, Tensor dst) {
          if (failing) {
            throw new BackendException(DEVICE.id(), "the device fell off the bus");
          }
          double[] exact = Reference.run(conv, weights, source, src.read()).values();
          float[] rounded = new float[exact.length];
          for (int i = 0; i < exact.length; i++) {
            rounded[i] = (float) exact[i];
          }
          dst.write(rounded);
        }

        @Override
        protected void release() {}
      };
    }

    @Override
    protected void release() {}
  }

  private static final class HostTensor extends Tensor {
    private final MemorySegment values;

    HostTensor(Backend backend, TensorSpec spec) {
      super(backend, spec);
      values = MemorySegment.ofArray(new float[spec.shape().elements()]);
    }

    @Override
    protected void upload(MemorySegment source) {
      values.copyFrom(source);
    }

    @Override
    protected void download(MemorySegment target) {
      target.copyFrom(values);
    }

    @Override
    protected void release() {}
  }
}
