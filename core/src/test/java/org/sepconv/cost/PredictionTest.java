package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Expect;

class PredictionTest {
  private static final Prediction BASE =
      new Prediction(3e-3, "memory", List.of(new Term("memory", 3e-3)), "3.000 ms memory");

  @Test
  void anotherTermIsAdded() {
    Prediction shorter = BASE.plus(new Term("activation", 1e-3));
    assertEquals(4e-3, shorter.seconds(), 1e-12);
    assertEquals("memory", shorter.bound());
    assertEquals("3.000 ms memory, 1.000 ms activation", shorter.explanation());
    assertEquals(List.of(new Term("memory", 3e-3), new Term("activation", 1e-3)), shorter.terms());
    assertEquals("activation", BASE.plus(new Term("activation", 3e-3)).bound());
    assertSame(BASE, BASE.plus(new Term("activation", 0)));
  }

  @Test
  void timesAreFiniteAndNotNegative() {
    assertEquals(0, new Prediction(0, "launch", List.of(), "").seconds());
    for (double wrong : new double[] {-1e-9, Double.POSITIVE_INFINITY, Double.NaN}) {
      Expect.refused(
          () -> new Prediction(wrong, "launch", List.of(), ""), "finite and not negative");
    }
  }

  @Test
  void aSumAddsUpTermsOfOneName() {
    Prediction other =
        new Prediction(
            6e-3, "launch", List.of(new Term("launch", 4e-3), new Term("memory", 2e-3)), "");
    Prediction sum = Prediction.sum(List.of(BASE, other));
    assertEquals(9e-3, sum.seconds(), 1e-12);
    assertEquals("memory", sum.bound());
    assertEquals(List.of("memory", "launch"), sum.terms().stream().map(Term::name).toList());
    assertEquals(5e-3, sum.terms().getFirst().seconds(), 1e-12);
    assertEquals(4e-3, sum.terms().getLast().seconds(), 1e-12);
    assertEquals("sum of 2 operations, most of it memory", sum.explanation());
    Expect.refused(() -> Prediction.sum(List.of()), "no predictions");
  }
}
