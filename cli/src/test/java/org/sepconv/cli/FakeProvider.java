package org.sepconv.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.sepconv.Activation;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.HostTensor;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** The reference backend under another name, which selection may choose; or one that misbehaves. */
public record FakeProvider(String name, Behaviour behaviour) implements ConvBackendProvider {

  public enum Behaviour {
    RIGHT,
    /** The last value of every output is off by a little. */
    WRONG_LAST_VALUE,
    /** Right in the first run, wrong in later ones: what a race or a compiler bug does. */
    WRONG_LATER,
    /** Predicts next to no time, and takes some milliseconds. */
    SLOWER_THAN_PREDICTED,
    THROWS_IN_PREPARE,
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
      case RIGHT -> new ReferenceBackendProvider().open(device, options);
      case THROWS_IN_OPEN -> throw new BackendException(name, "does not open:\nerror -1001");
      case BREAKS_IN_OPEN -> throw new UnsatisfiedLinkError("no such symbol");
      case REFUSES_SETTING -> throw new IllegalArgumentException("fake.kernels is 'odd'");
      default -> new Misbehaving(device, behaviour);
    };
  }

  private static final class Misbehaving extends ConvBackend {
    private final Behaviour behaviour;

    Misbehaving(DeviceInfo device, Behaviour behaviour) {
      super(device);
      this.behaviour = behaviour;
    }

    @Override
    public DeviceProfile profile() {
      double speed = behaviour == Behaviour.SLOWER_THAN_PREDICTED ? 1e15 : 1e9; // as the reference
      return new DeviceProfile("made up", speed, speed, 1e9 / speed * 1e-6, Map.of());
    }

    @Override
    protected Vocabulary vocabulary() {
      return Vocabulary.FIRST.withMoreActivations(
          List.of(
              Activation.Sigmoid.class,
              Activation.HardSigmoid.class,
              Activation.Gelu.class,
              Activation.Tanh.class));
    }

    @Override
    protected Support accepts(Problem problem) {
      return behaviour == Behaviour.SUPPORTS_NOTHING
          ? new Support.No("it supports nothing")
          : Support.YES;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return new HostTensor(this, spec);
    }

    @Override
    protected Prepared prepareProblem(Problem problem, Weights weights) {
      if (behaviour == Behaviour.THROWS_IN_PREPARE) {
        throw new BackendException(device().id(), "the compiler broke");
      }
      return new Prepared(this, problem) {
        @Override
        public String kernel() {
          return "f64-fake";
        }

        @Override
        protected Execution execution() {
          return new Runs(problem, weights);
        }

        @Override
        protected void release() {}
      };
    }

    @Override
    protected void release() {}

    private final class Runs extends Execution {
      private final Problem problem;
      private final Weights weights;
      private int runs;

      Runs(Problem problem, Weights weights) {
        this.problem = problem;
        this.weights = weights;
      }

      @Override
      protected void start(Tensor[] inputs, Tensor[] outputs) {
        if (behaviour == Behaviour.THROWS_IN_RUN) {
          throw new BackendException(device().id(), "out of resources (-5)");
        }
        if (behaviour == Behaviour.SLOWER_THAN_PREDICTED) {
          LockSupport.parkNanos(20_000_000);
        }
        float[][] values = new float[inputs.length][];
        for (int i = 0; i < values.length; i++) {
          values[i] = ((HostTensor) inputs[i]).values();
        }
        float[] output = ((HostTensor) outputs[0]).values();
        Reference.run(problem, weights, values).roundInto(output);
        boolean wrong =
            behaviour == Behaviour.WRONG_LAST_VALUE
                || behaviour == Behaviour.WRONG_LATER && runs > 0;
        if (wrong) {
          output[output.length - 1] += 0.5f;
        }
        runs++;
      }
    }
  }
}
