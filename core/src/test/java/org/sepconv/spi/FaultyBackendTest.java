package org.sepconv.spi;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;

/** A backend that returns null, or what nobody asked for, is named with what it did. */
class FaultyBackendTest {
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final Problem PROBLEM = Problem.of(Conv2d.pointwise(2, 1).build(), SPEC);
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10});

  private enum Fault {
    NULL_SUPPORT,
    NULL_TENSOR,
    OTHER_TENSOR,
    NULL_PREPARED,
    OTHER_SHAPE,
    NULL_EXECUTION
  }

  /** Right but for its fault; it computes nothing. */
  private static final class Faulty extends ConvBackend {
    private final Fault fault;

    Faulty(Fault fault) {
      super(new DeviceInfo("faulty", "test", Map.of()));
      this.fault = fault;
    }

    @Override
    public DeviceProfile profile() {
      return new DeviceProfile("made up", 1e9, 1e9, 0, Map.of());
    }

    @Override
    protected Support accepts(Problem problem) {
      return fault == Fault.NULL_SUPPORT ? null : Support.YES;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return switch (fault) {
        case NULL_TENSOR -> null;
        case OTHER_TENSOR -> new HostTensor(this, new TensorSpec(spec.shape(), Layout.NHWC));
        default -> new HostTensor(this, spec);
      };
    }

    @Override
    protected Prepared prepareProblem(Problem problem, Weights weights) {
      if (fault == Fault.NULL_PREPARED) {
        return null;
      }
      TensorSpec smaller = TensorSpec.nchw(Shape.of(2, 1, 1));
      Problem prepared = fault == Fault.OTHER_SHAPE ? problem.withSource(smaller) : problem;
      return new Prepared(this, prepared) {
        @Override
        public String kernel() {
          return "faulty";
        }

        @Override
        protected Execution execution() {
          return fault == Fault.NULL_EXECUTION
              ? null
              : new Execution() {
                @Override
                protected void start(Tensor[] inputs, Tensor[] outputs) {}
              };
        }

        @Override
        protected void release() {}
      };
    }

    @Override
    protected void release() {}
  }

  @Test
  void isNamedWithWhatItDid() {
    expectFailure(Fault.NULL_SUPPORT, "accepts() of the backend returned null");
    expectFailure(Fault.NULL_TENSOR, "allocateTensor() of the backend returned null");
    expectFailure(Fault.OTHER_TENSOR, SPEC.toString(), Layout.NHWC.toString());
    expectFailure(Fault.NULL_PREPARED, "prepareProblem() of the backend returned null");
    expectFailure(Fault.OTHER_SHAPE, "was to be prepared for " + PROBLEM.tensors());
    expectFailure(Fault.NULL_EXECUTION, "execution() of the backend returned null");
  }

  /** Closing would wait for ever for a use that was not ended. */
  private static void expectFailure(Fault fault, String... parts) {
    try (Faulty backend = new Faulty(fault)) {
      BackendException failure =
          Expect.failure(
              BackendException.class,
              () -> {
                try (Prepared _ = backend.prepare(PROBLEM, WEIGHTS);
                    Tensor _ = backend.allocate(SPEC)) {}
              },
              parts);
      Expect.failure(
          BackendException.class,
          () -> {
            throw failure;
          },
          "faulty: ");
    }
  }
}
