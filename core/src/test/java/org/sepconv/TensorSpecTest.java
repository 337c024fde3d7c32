package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorSpecTest {
  private static final Shape SHAPE = new Shape(2, 3, 4, 5);

  @Test
  void isOfFloat32UnlessAskedOtherwise() {
    TensorSpec spec = new TensorSpec(SHAPE, Layout.NHWC);
    assertEquals(ElementType.FLOAT32, spec.type());
    assertEquals(spec, TensorSpec.nhwc(SHAPE));
    assertEquals(spec.withLayout(Layout.NCHW), TensorSpec.nchw(SHAPE));
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, 480, NHWC 2x3x4x5",
    "FLOAT16, 240, NHWC 2x3x4x5 float16",
    "BFLOAT16, 240, NHWC 2x3x4x5 bfloat16",
    "INT8, 120, NHWC 2x3x4x5 int8",
  })
  void theTypeDecidesTheSize(ElementType type, long bytes, String text) {
    TensorSpec spec = TensorSpec.nhwc(SHAPE).withType(type);
    assertEquals(bytes, spec.bytes());
    assertEquals(text, spec.toString());
  }

  @Test
  void eachPartChangesAlone() {
    TensorSpec spec = new TensorSpec(SHAPE, Layout.NHWC, ElementType.INT8);
    Shape other = Shape.of(1, 1, 1);
    assertEquals(new TensorSpec(other, Layout.NHWC, ElementType.INT8), spec.withShape(other));
    assertEquals(
        new TensorSpec(SHAPE, Layout.NCHW, ElementType.INT8), spec.withLayout(Layout.NCHW));
    assertEquals(new TensorSpec(SHAPE, Layout.NHWC), spec.withType(ElementType.FLOAT32));
  }

  @Test
  void theLargestTensorHasMoreBytesThanAnInt() {
    Shape largest = new Shape(1, 1, 1, 1 << 30);
    assertEquals(1L << 32, TensorSpec.nchw(largest).bytes());
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> new TensorSpec(null, Layout.NCHW), "shape");
    Expect.nullRefused(() -> new TensorSpec(SHAPE, null), "layout");
    Expect.nullRefused(() -> new TensorSpec(SHAPE, Layout.NCHW, null), "type");
  }
}
