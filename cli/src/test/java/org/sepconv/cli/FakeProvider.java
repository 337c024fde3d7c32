package org.sepconv.cli;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
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

/** A backend that computes with the reference, unless it is told to misbehave. */
public record FakeProvider(String name, Behaviour behaviour) implements ConvBackendProvider {

  public enum Behaviour {
    RIGHT,
    /** The last value of every output is off by a little. */
    WRONG_LAST_VALUE,
    /** Right in the first run, wrong in later ones: what a race or a compiler bug does. */
    WRONG_LATER,
    /** Predicts next to no time, and takes some milliseconds. */
    SLOWER_THAN_PREDICTED,
    THROWS_IN_RUN,
    THROWS_IN_OPEN,
    BREAKS_IN_OPEN,
    REFUSES_SETTING,
    THROWS_IN_PROBE,
    UNAVAILABLE,
    SUPPORTS_NOTHING
  }

  @Override
  public int rank() {
    return 50;
  }

  @Override
  public Availability probe() {
    return switch (behaviour) {
      case THROWS_IN_PROBE -> throw new IllegalStateException("the probe broke");
      case UNAVAILABLE -> new Availability.Unavailable("no driver", "install the driver");
      default ->
          new Availability.Available(
              List.of(new DeviceInfo(name, "Fake " + behaviour, Map.of("memory", "none"))));
    };
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    return switch (behaviour) {
      case THROWS_IN_OPEN -> throw new BackendException(name, "does not open:\nerror -1001");
      case BREAKS_IN_OPEN -> throw new UnsatisfiedLinkError("no such symbol");
      case REFUSES_SETTING -> throw new IllegalArgumentException("fake.kernels is 'odd'");
      default -> new Backend(device, behaviour);
    };
  }

  private static final class Backend extends ConvBackend {
    private final Behaviour behaviour;

    Backend(DeviceInfo device, Behaviour behaviour) {
      super(device);
      this.behaviour = behaviour;
    }

    @Override
    public DeviceProfile profile() {
      Map<KernelKind, Double> efficiency = new EnumMap<>(KernelKind.class);
      for (KernelKind kind : KernelKind.values()) {
        efficiency.put(kind, 1.0);
      }
      double speed = behaviour == Behaviour.SLOWER_THAN_PREDICTED ? 1e15 : 1e9;
      return new DeviceProfile("made up", speed, speed, 0, efficiency);
    }

    @Override
    public Support supports(Convolution convolution, TensorSpec source, Layout destination) {
      return behaviour == Behaviour.SUPPORTS_NOTHING
          ? new Support.No("it supports nothing")
          : Support.YES;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return new HostTensor(this, spec);
    }

    @Override
    protected PreparedConvolution prepareConv2d(
        Conv2d conv, ConvWeights weights, TensorSpec source, TensorSpec destination) {
      return new Prepared(this, conv, weights, source, destination);
    }

    @Override
    protected void release() {}
  }

  private static final class HostTensor extends Tensor {
    private final float[] values;

    HostTensor(ConvBackend backend, TensorSpec spec) {
      super(backend, spec);
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
    protected void release() {}
  }

  private static final class Prepared extends PreparedConvolution {
    private final Behaviour behaviour;
    private final ConvWeights weights;
    private int runs;

    Prepared(
        Backend backend,
        Conv2d conv,
        ConvWeights weights,
        TensorSpec source,
        TensorSpec destination) {
      super(backend, conv, source, destination);
      this.behaviour = backend.behaviour;
      this.weights = weights;
    }

    @Override
    public String kernel() {
      return "f32-reference";
    }

    @Override
    protected void compute(Tensor src, Tensor dst) {
      if (behaviour == Behaviour.THROWS_IN_RUN) {
        throw new BackendException(backend().device().id(), "out of resources (-5)");
      }
      if (behaviour == Behaviour.SLOWER_THAN_PREDICTED) {
        LockSupport.parkNanos(20_000_000);
      }
      float[] input = ((HostTensor) src).values;
      double[] exact = Reference.run(convolution(), weights, source(), input).values();
      float[] output = ((HostTensor) dst).values;
      for (int i = 0; i < output.length; i++) {
        output[i] = (float) exact[i];
      }
      boolean wrong =
          behaviour == Behaviour.WRONG_LAST_VALUE || behaviour == Behaviour.WRONG_LATER && runs > 0;
      if (wrong) {
        output[output.length - 1] += 0.5f;
      }
      runs++;
    }

    @Override
    protected void release() {}
  }
}
