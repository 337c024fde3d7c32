package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.sepconv.Conv2d;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Cost;

class OperationsTest {

  @Test
  void theSameSeedGivesTheSameOperations() {
    assertEquals(Operations.random(40, 3), Operations.random(40, 3));
    assertNotEquals(Operations.random(40, 3), Operations.random(40, 4));
  }

  @Test
  void randomOperationsReachEveryCorner() {
    List<Problem> problems = Operations.random(400, 1);
    Set<Integer> kernels = new HashSet<>();
    Set<KernelKind> kinds = new HashSet<>();
    for (Problem problem : problems) {
      assertTrue(Cost.of(problem).flops() <= 2e9);
      assertTrue(problem.source().bytes() + problem.destination().bytes() <= 64e6);
      for (TensorSpec tensor : problem.tensors()) {
        assertEquals(Layout.NHWC, tensor.layout());
      }
      kinds.add(problem.operation().kind());
      if (problem.operation() instanceof Conv2d conv) {
        kernels.add(conv.kernelH());
      }
    }
    assertEquals(Set.of(1, 3, 5, 7), kernels);
    assertEquals(4, kinds.size());
    List<Shape> inputs = inputs(problems);
    assertTrue(inputs.stream().anyMatch(input -> input.c() < 3));
    assertTrue(inputs.stream().anyMatch(input -> input.c() > 800));
    assertTrue(inputs.stream().anyMatch(input -> input.h() < 9));
    assertTrue(inputs.stream().anyMatch(input -> input.h() > 180));
  }

  private static List<Shape> inputs(List<Problem> problems) {
    return problems.stream().map(problem -> problem.source().shape()).toList();
  }

  static final List<KernelKind> KINDS = Operations.KINDS;

  @ParameterizedTest
  @FieldSource("KINDS")
  void coveringOperationsAreOfTheirKindAndSpread(KernelKind kind) {
    List<Problem> problems = Operations.covering(kind, 40);
    assertEquals(40, problems.size());
    assertTrue(problems.stream().allMatch(problem -> problem.operation().kind() == kind));
    assertTrue(new HashSet<>(problems).size() >= 38);
    List<Shape> inputs = inputs(problems);
    assertTrue(inputs.stream().anyMatch(input -> input.h() < 10));
    assertTrue(inputs.stream().anyMatch(input -> input.h() > 100));
  }
}
