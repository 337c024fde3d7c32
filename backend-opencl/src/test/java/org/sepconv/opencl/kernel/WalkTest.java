package org.sepconv.opencl.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

class WalkTest {
  private static final Shape SHAPE = new Shape(2, 3, 5, 7);

  private static void check(Walk walk, int[] sizes, int[]... strides) {
    assertArrayEquals(sizes, walk.sizes());
    assertEquals(strides.length, walk.strides().size());
    for (int i = 0; i < strides.length; i++) {
      assertArrayEquals(strides[i], walk.strides().get(i));
    }
  }

  @Test
  void tensorsThatLieAlikeAreOneLine() {
    TensorSpec spec = TensorSpec.nhwc(SHAPE);
    check(
        Walk.over(spec, List.of(spec, spec)),
        new int[] {1, 1, 1, 210},
        new int[] {0, 0, 0, 1},
        new int[] {0, 0, 0, 1});
  }

  @Test
  void aChannelsFactorIsRepeatedAlongThePixels() {
    TensorSpec spec = TensorSpec.nhwc(SHAPE);
    TensorSpec factor = TensorSpec.nhwc(new Shape(2, 3, 1, 1));
    check(
        Walk.over(spec, List.of(spec, factor)),
        new int[] {1, 2, 35, 3},
        new int[] {0, 105, 3, 1},
        new int[] {0, 3, 0, 1});
    check(
        Walk.over(spec, List.of(spec, TensorSpec.nhwc(new Shape(1, 3, 1, 1)))),
        new int[] {1, 1, 70, 3},
        new int[] {0, 0, 3, 1},
        new int[] {0, 0, 0, 1});
  }

  @Test
  void anotherLayoutIsFurtherApart() {
    check(
        Walk.over(TensorSpec.nhwc(SHAPE), List.of(TensorSpec.nchw(SHAPE))),
        new int[] {1, 2, 35, 3},
        new int[] {0, 105, 1, 35});
  }

  @Test
  void oneValueIsOneValue() {
    TensorSpec one = TensorSpec.nchw(Shape.of(1, 1, 1));
    check(Walk.over(one, List.of(one)), new int[] {1, 1, 1, 1}, new int[] {0, 0, 0, 0});
  }
}
