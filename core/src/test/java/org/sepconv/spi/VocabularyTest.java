package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.ElementType;
import org.sepconv.Expect;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/** What core answers for a backend that does not know a word. */
class VocabularyTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 2).build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10, 100, 1000});
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final Problem ADD = Problem.of(Binary.add(), List.of(SPEC, SPEC));
  private final FakeBackend backend = new FakeBackend("fake");

  private void unknown(Problem problem, String word) {
    assertEquals(new Support.No("the backend does not know " + word), backend.supports(problem));
    assertEquals(0, backend.asked.get(), "it is not asked about what it does not know");
  }

  @Test
  void anUnknownOperationIsRefused() {
    unknown(ADD, "the operation add");
    unknown(
        Problem.of(Reduce.globalAveragePool(), List.of(SPEC)), "the operation global average pool");
    Expect.failure(
        BackendException.class,
        () -> backend.prepare(ADD, Weights.none()),
        "fake: does not support add on NCHW 1x2x1x2",
        "does not know the operation add");
    assertEquals(0, backend.asked.get());
    assertEquals(Support.YES, backend.supports(Problem.of(CONV, SPEC)));
  }

  @Test
  void anUnknownActivationIsRefusedWhereverItStands() {
    Vocabulary first = Vocabulary.FIRST;
    backend.vocabulary =
        first.withActivations(Set.of(Activation.None.class, Activation.LeakyRelu.class));
    unknown(Problem.of(CONV.withActivation(Activation.SILU), SPEC), "the activation silu");
    SeparableConv2d.Builder block = SeparableConv2d.of(2, 2).kernel(1);
    unknown(
        Problem.of(block.activation(Activation.SILU, Activation.NONE).build(), SPEC),
        "the activation silu");
    unknown(
        Problem.of(block.activation(Activation.NONE, Activation.RELU).build(), SPEC),
        "the activation relu");
    Conv2d leaky = CONV.withActivation(new Activation.LeakyRelu(0.3f));
    assertEquals(Support.YES, backend.supports(Problem.of(leaky, SPEC)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FLOAT32")
  void anUnknownTypeIsRefused(ElementType type) {
    Problem problem = Problem.of(CONV, SPEC.withType(type));
    unknown(problem, "values of type " + type);
    unknown(
        new Problem(CONV, List.of(SPEC), List.of(SPEC.withType(type))), "values of type " + type);
    BackendException failure =
        Expect.failure(
            BackendException.class,
            () -> backend.prepare(problem, WEIGHTS),
            "does not know values of type " + type);
    assertEquals("fake", failure.device());
    Expect.refused(
        () -> backend.allocate(SPEC.withType(type)),
        "fake has no tensors of " + type,
        "only of [float32]");
    assertEquals(0, backend.asked.get());
    assertEquals(0, backend.prepared());
    assertEquals(List.of(), backend.tensors);
  }

  @Test
  void aTypeThatWasLearntIsAllocated() {
    Vocabulary first = Vocabulary.FIRST;
    backend.vocabulary = first.withTypes(Set.of(ElementType.FLOAT32, ElementType.FLOAT16));
    TensorSpec half = SPEC.withType(ElementType.FLOAT16);
    assertEquals(half, backend.allocate(half).spec());
    assertEquals(Support.YES, backend.supports(Problem.of(CONV, half)));
    Expect.refused(() -> backend.allocate(SPEC.withType(ElementType.INT8)), "int8");
  }

  @Test
  void anUnknownLayoutIsRefusedOnEitherSide() {
    Vocabulary first = Vocabulary.FIRST;
    backend.vocabulary = first.withLayouts(Set.of(Layout.NCHW));
    TensorSpec nhwc = SPEC.withLayout(Layout.NHWC);
    unknown(Problem.of(CONV, nhwc, Layout.NCHW), "the layout NHWC");
    unknown(Problem.of(CONV, SPEC, Layout.NHWC), "the layout NHWC");
    assertEquals(Support.YES, backend.supports(Problem.of(CONV, SPEC)));
  }

  @Test
  void anUnknownInputIsRefused() {
    Vocabulary first = Vocabulary.FIRST;
    backend.vocabulary = first.withInputs(Set.of("source"));
    unknown(Problem.of(CONV.withResidual(true), SPEC), "the input residual");
    assertEquals(Support.YES, backend.supports(Problem.of(CONV, SPEC)));
  }

  @Test
  void anOperationThatWasLearntRuns() {
    backend.addsTensors();
    assertEquals(Support.YES, backend.supports(ADD));
    assertEquals(1, backend.asked.get());
    try (Prepared prepared = backend.prepare(ADD, Weights.none())) {
      float[] sum = new float[4];
      prepared.run(new float[] {1, 2, 3, 4}, new float[] {10, 20, 30, 40}, sum);
      assertArrayEquals(new float[] {11, 22, 33, 44}, sum);
      prepared.run(sum, new float[] {1, 1, 1, 1}, sum);
      assertArrayEquals(new float[] {12, 23, 34, 45}, sum, "in place of either");
      prepared.run(new float[] {1, 1, 1, 1}, sum, sum);
      assertArrayEquals(new float[] {13, 24, 35, 46}, sum, "in place of either");
      Expect.refused(
          () -> prepared.run(sum, new float[4]),
          "add takes 2 inputs and gives 1 outputs, not 1 and 1",
          "bind()");
      assertEquals(ADD, prepared.withSource(SPEC).problem());
    }
    Expect.refused(() -> backend.prepare(ADD, WEIGHTS), "add");
  }

  @Test
  void theFirstWordsAreThoseOfTheFirstBackends() {
    Vocabulary first = Vocabulary.FIRST;
    assertEquals(Set.of(Conv2d.class, SeparableConv2d.class), first.operations());
    assertEquals(Set.of("source", "residual"), first.inputs());
    assertEquals(7, first.activations().size());
    assertEquals(Set.of(Layout.NCHW, Layout.NHWC), first.layouts());
    assertEquals(Set.of(ElementType.FLOAT32), first.types());
    Vocabulary more = first.with(List.of(Binary.class));
    assertTrue(more.operations().containsAll(first.operations()));
    assertTrue(more.operations().contains(Binary.class));
    assertEquals(first.activations(), more.activations());
    assertEquals(2, first.operations().size(), "it never grows");
  }

  @Test
  void theWordsAreCopied() {
    Set<Class<? extends Operation>> operations = new HashSet<>(Set.of(Conv2d.class));
    Vocabulary few = new Vocabulary(operations, Set.of(), Set.of(), Set.of(), Set.of());
    operations.clear();
    assertEquals(Set.of(Conv2d.class), few.operations());
    assertThrows(UnsupportedOperationException.class, () -> few.operations().clear());
  }
}
