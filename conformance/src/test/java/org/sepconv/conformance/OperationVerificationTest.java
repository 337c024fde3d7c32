package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Operation;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.Weights;
import org.sepconv.cases.Verification;
import org.sepconv.reference.Reference;
import org.sepconv.spi.Support;
import org.sepconv.spi.Vocabulary;

class OperationVerificationTest {

  private static final int CASES = 80;

  /** The reference, but for some problems whose first value is wrong. */
  private static final class Spoiled extends SpoiledReference {
    private final Predicate<Problem> wrong;
    private final Set<Class<? extends Operation>> seen = ConcurrentHashMap.newKeySet();

    Spoiled(Predicate<Problem> wrong) {
      super(
          Vocabulary.FIRST
              .with(List.of(Pool2d.class, Softmax.class, SquareRoot.class, Transpose.class))
              .withMoreActivations(
                  List.of(
                      Activation.Sigmoid.class,
                      Activation.HardSigmoid.class,
                      Activation.Gelu.class,
                      Activation.Tanh.class)));
      this.wrong = wrong;
    }

    @Override
    protected Support accepts(Problem problem) {
      seen.add(problem.operation().getClass());
      return problem.operation() instanceof Softmax ? new Support.No("no softmax") : Support.YES;
    }

    @Override
    void answer(Problem problem, Weights weights, float[][] inputs, float[] output) {
      Reference.run(problem, weights, inputs).roundInto(output);
      if (wrong.test(problem)) {
        output[0] = 1e30f;
      }
    }
  }

  private static Verification.Report run(Spoiled backend, int atOnce) {
    return Verification.operations(backend, 3, CASES, atOnce, Verification.Listener.NONE);
  }

  @Test
  void drawsConvolutionsAndEverythingElse() {
    try (Spoiled backend = new Spoiled(_ -> false)) {
      Verification.Report report = run(backend, 1);
      assertEquals(List.of(), report.failures());
      assertEquals(CASES, report.cases());
      assertEquals(
          Set.of(
              Conv2d.class,
              SeparableConv2d.class,
              Pool2d.class,
              Softmax.class,
              SquareRoot.class,
              Transpose.class),
          backend.seen);
      assertTrue(
          report.unsupported().stream().anyMatch(skip -> skip.reason().equals("no softmax")));
    }
  }

  @Test
  void whatRunsAtOnceIsReportedInTheOrderOfTheSeed() {
    Predicate<Problem> wide = problem -> problem.destination().shape().w() > 3;
    try (Spoiled one = new Spoiled(wide);
        Spoiled four = new Spoiled(wide)) {
      Verification.Report report = run(one, 1);
      Verification.Report atOnce = run(four, 4);
      assertTrue(report.failures().size() > 10);
      assertEquals(report.unsupported(), atOnce.unsupported());
      assertEquals(
          report.failures().stream().map(Verification.Failure::description).toList(),
          atOnce.failures().stream().map(Verification.Failure::description).toList());
    }
  }

  @Test
  void anOperationShrinksToTheSmallestThatFails() {
    try (Spoiled backend =
        new Spoiled(
            problem ->
                !(problem.operation() instanceof Convolution)
                    && problem.inputs().getFirst().shape().h() > 2)) {
      List<Verification.Failure> failures = run(backend, 2).failures();
      Verification.Failure root =
          failures.stream()
              .filter(f -> f.description().startsWith("square root"))
              .findFirst()
              .orElseThrow();
      assertTrue(
          root.shrunk().startsWith("square root on NCHW 1x1x3x1 -> NCHW 1x1x3x1, INTEGERS: 1 of 3"),
          root::shrunk);
    }
  }

  @Test
  void progressCountsToTheEnd() {
    List<Integer> done = new ArrayList<>();
    List<Integer> failed = new ArrayList<>();
    try (Spoiled backend = new Spoiled(_ -> true)) {
      Verification.operations(
          backend,
          3,
          20,
          3,
          (count, _, failures) -> {
            done.add(count);
            failed.add(failures);
          });
    }
    assertEquals(IntStream.rangeClosed(1, 20).boxed().toList(), done);
    assertEquals(failed.stream().sorted().toList(), failed);
    assertTrue(failed.getLast() >= 10, failed::toString);
  }

  @Test
  void numbersThatAreNoneAreRefused() {
    try (Spoiled backend = new Spoiled(_ -> false)) {
      assertThrows(IllegalArgumentException.class, () -> Verification.convolutions(backend, 1, -1));
      assertThrows(
          IllegalArgumentException.class,
          () -> Verification.operations(backend, 1, 1, 0, Verification.Listener.NONE));
    }
  }
}
