package org.sepconv.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement.Differences;
import org.sepconv.cases.Agreement.Place;
import org.sepconv.reference.Reference;

class AgreementTest {
  private static final Shape SHAPE = new Shape(2, 3, 4, 5);

  /** All values 1, each with a bound of 0.5. */
  private static Reference.Result ones(Layout layout) {
    double[] values = new double[SHAPE.elements()];
    double[] bounds = new double[SHAPE.elements()];
    Arrays.fill(values, 1);
    Arrays.fill(bounds, 0.5);
    return new Reference.Result(new TensorSpec(SHAPE, layout), values, bounds);
  }

  private static float[] actual() {
    float[] values = new float[SHAPE.elements()];
    Arrays.fill(values, 1);
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void namesTheFirstWrongValue(Layout layout) {
    float[] values = actual();
    values[layout.index(SHAPE, 1, 2, 3, 1)] = 2;
    Agreement agreement = Agreement.of(ones(layout), values);
    assertEquals(1, agreement.wrong());
    assertEquals(2, agreement.errorOverBound());
    assertEquals(
        "1 of 120 outputs are wrong, first at n=1 c=2 y=3 x=1: expected 1.0, got 2.0"
            + " (allowed error 0.500, and the error is 1.00);"
            + " all wrong ones are in n 1-1, c 2-2, y 3-3, x 1-1 of 2x3x4x5",
        agreement.problem().orElseThrow());
  }

  /** The place is right also where the output is in another layout than the reference. */
  @ParameterizedTest
  @EnumSource
  void findsTheBoxOfAllWrongValues(Layout layout) {
    float[] values = actual();
    values[layout.index(SHAPE, 0, 2, 1, 4)] = 3;
    values[layout.index(SHAPE, 0, 1, 3, 2)] = 4;
    Reference.Result expected = ones(layout == Layout.NCHW ? Layout.NHWC : Layout.NCHW);
    Differences all = Agreement.of(expected, false, values, layout).differences().orElseThrow();
    assertEquals(2, all.count());
    assertEquals(new Agreement.Difference(new Place(0, 1, 3, 2), 1, 0.5, 4), all.first());
    assertEquals(new Place(0, 1, 1, 2), all.lowest());
    assertEquals(new Place(0, 2, 3, 4), all.highest());
  }

  @Test
  void worstErrorIsAShareOfTheBound() {
    float[] values = actual();
    values[7] = 1.125f;
    Agreement agreement = Agreement.of(ones(Layout.NCHW), values);
    assertEquals(Optional.empty(), agreement.problem());
    assertEquals(0, agreement.wrong());
    assertEquals(0.25, agreement.worstError());
    assertEquals(0.25, agreement.errorOverBound());
  }

  @Test
  void valueThatWasNeverWrittenIsWrong() {
    float[] values = actual();
    values[3] = 1.125f;
    values[119] = Float.NaN;
    Agreement agreement = Agreement.of(ones(Layout.NHWC), values);
    assertEquals(1, agreement.wrong());
    assertEquals(1, agreement.undefined());
    assertEquals(0.25, agreement.worstError());
    assertEquals(Double.POSITIVE_INFINITY, agreement.errorOverBound());
  }

  @Test
  void nanMayBeRight() {
    Reference.Result expected = ones(Layout.NCHW);
    expected.values()[4] = Double.NaN;
    float[] values = actual();
    assertEquals(1, Agreement.of(expected, values).undefined());
    values[4] = Float.NaN;
    assertEquals(0, Agreement.of(expected, values).wrong());
    assertEquals(0, Agreement.of(expected, values).errorOverBound());
  }

  @Test
  void exactValuesHaveNoBound() {
    Reference.Result expected = ones(Layout.NCHW);
    expected.values()[5] = 0;
    float[] values = actual();
    values[5] = -0f;
    assertEquals(0, Agreement.of(expected, true, values, Layout.NCHW).wrong());
    values[6] = Math.nextUp(1f);
    assertEquals(0, Agreement.of(expected, values).wrong());
    String problem = Agreement.of(expected, true, values, Layout.NCHW).problem().orElseThrow();
    assertTrue(problem.contains("(allowed error 0, for these sums are exact)"), problem);
  }

  @Test
  void refusesAnOutputOfAnotherSize() {
    String message =
        assertThrows(
                IllegalStateException.class, () -> Agreement.of(ones(Layout.NCHW), new float[1]))
            .getMessage();
    assertEquals("1 values were computed instead of 120", message);
  }
}
