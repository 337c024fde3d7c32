package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Activation;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.RandomOperations;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.reference.Reference;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Execution;
import org.sepconv.spi.HostTensor;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;
import org.sepconv.spi.Vocabulary;

/** In the fewest cases that rule 801 tries, it notices a mistake in each kind of operation. */
class WrongOperationTest {
  /** As few as {@link OperationRules} may try. */
  private static final int CASES = 10;

  @ParameterizedTest
  @EnumSource
  void anotherOperationIsNoticed(RandomOperations.Kind kind) {
    assertEquals(0, failures(kind, UnaryOperator.identity(), false), "of a correct backend");
    assertTrue(failures(kind, WrongOperation::of, false) + failures(kind, o -> o, true) > 0);
  }

  @ParameterizedTest
  @EnumSource
  void anInputThatIsReadBackwardsIsNoticed(RandomOperations.Kind kind) {
    assertTrue(failures(kind, UnaryOperator.identity(), true) > 0);
  }

  private static long failures(
      RandomOperations.Kind kind, UnaryOperator<Operation> changed, boolean backwards) {
    try (ConvBackend backend = new ChangedBackend(kind, changed, backwards)) {
      return IntStream.range(0, CASES)
          .mapToObj(i -> RandomOperations.of(kind, 1, i).check(backend))
          .filter(Outcome.Failed.class::isInstance)
          .count();
    }
  }

  /** The reference of other operations than those that it is asked for. */
  private static final class ChangedBackend extends ConvBackend {
    private final RandomOperations.Kind kind;
    private final UnaryOperator<Operation> changed;
    private final boolean backwards;

    ChangedBackend(
        RandomOperations.Kind kind, UnaryOperator<Operation> changed, boolean backwards) {
      super(new DeviceInfo("changed", "test", Map.of()));
      this.kind = kind;
      this.changed = changed;
      this.backwards = backwards;
    }

    @Override
    public DeviceProfile profile() {
      return DeviceProfile.REFERENCE;
    }

    @Override
    protected Vocabulary vocabulary() {
      Problem drawn = RandomOperations.of(kind, 1, 0).problem();
      return Vocabulary.FIRST
          .with(List.of(drawn.operation().getClass()))
          .withMoreActivations(
              RandomOperations.activations().stream()
                  .<Class<? extends Activation>>map(activation -> activation.getClass())
                  .toList());
    }

    @Override
    protected Support accepts(Problem problem) {
      return Support.YES;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return new HostTensor(this, spec);
    }

    @Override
    protected Prepared prepareProblem(Problem problem, Weights weights) {
      Problem other =
          new Problem(changed.apply(problem.operation()), problem.inputs(), problem.outputs());
      return new Prepared(this, problem) {
        @Override
        public String kernel() {
          return "changed";
        }

        @Override
        protected Execution execution() {
          return new Execution() {
            @Override
            protected void start(Tensor[] inputs, Tensor[] outputs) {
              float[][] values = new float[inputs.length][];
              for (int i = 0; i < values.length; i++) {
                values[i] = ((HostTensor) inputs[i]).values().clone();
              }
              if (backwards) {
                reverse(values[0]);
              }
              Reference.run(other, weights, values).roundInto(((HostTensor) outputs[0]).values());
            }
          };
        }

        @Override
        protected void release() {}
      };
    }

    private static void reverse(float[] values) {
      for (int i = 0, j = values.length - 1; i < j; i++, j--) {
        float value = values[i];
        values[i] = values[j];
        values[j] = value;
      }
    }

    @Override
    protected void release() {}
  }
}
