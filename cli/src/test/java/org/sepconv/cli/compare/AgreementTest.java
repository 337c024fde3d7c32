package org.sepconv.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
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
    assertTrue(
        agreement.problem().orElseThrow().contains("1 of 120 values")
            && agreement.problem().orElseThrow().contains("n=1 c=2 y=3 x=1"),
        agreement.toString());
  }

  @Test
  void worstErrorIsAShareOfTheBound() {
    float[] values = actual();
    values[7] = 1.125f;
    Agreement agreement = Agreement.of(ones(Layout.NCHW), values);
    assertTrue(agreement.problem().isEmpty());
    assertEquals(0.25, agreement.worstError());
  }

  @Test
  void valueThatWasNeverWrittenIsWrong() {
    float[] values = actual();
    values[119] = Float.NaN;
    assertTrue(Agreement.of(ones(Layout.NHWC), values).problem().isPresent());
  }
}
