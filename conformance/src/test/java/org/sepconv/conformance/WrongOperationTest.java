package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Activation;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.RandomOperations;
import org.sepconv.reference.Reference;
import org.sepconv.spi.ConvBackend;
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
  private static final class ChangedBackend extends SpoiledReference {
    private final UnaryOperator<Operation> changed;
    private final boolean backwards;

    ChangedBackend(
        RandomOperations.Kind kind, UnaryOperator<Operation> changed, boolean backwards) {
      super(
          Vocabulary.FIRST
              .with(List.of(RandomOperations.of(kind, 1, 0).problem().operation().getClass()))
              .withMoreActivations(
                  RandomOperations.activations().stream()
                      .<Class<? extends Activation>>map(activation -> activation.getClass())
                      .toList()));
      this.changed = changed;
      this.backwards = backwards;
    }

    @Override
    void answer(Problem problem, Weights weights, float[][] inputs, float[] output) {
      if (backwards) {
        reverse(inputs[0]);
      }
      Problem other =
          new Problem(changed.apply(problem.operation()), problem.inputs(), problem.outputs());
      Reference.run(other, weights, inputs).roundInto(output);
    }

    private static void reverse(float[] values) {
      for (int i = 0, j = values.length - 1; i < j; i++, j--) {
        float value = values[i];
        values[i] = values[j];
        values[j] = value;
      }
    }
  }
}
