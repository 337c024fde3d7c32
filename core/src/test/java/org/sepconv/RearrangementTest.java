package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Where values come from, place by place. */
class RearrangementTest {

  /** {@code definition} says which place of the input each place of the output has. */
  private static void check(
      Rearrangement operation, Shape input, Shape output, UnaryOperator<int[]> definition) {
    List<Shape> inputs = List.of(input);
    assertEquals(List.of(output), operation.outputShapes(inputs));
    for (int n = 0; n < output.n(); n++) {
      for (int c = 0; c < output.c(); c++) {
        for (int y = 0; y < output.h(); y++) {
          for (int x = 0; x < output.w(); x++) {
            int[] place = {n, c, y, x};
            assertEquals(0, operation.source(inputs, output, place));
            assertArrayEquals(
                definition.apply(new int[] {n, c, y, x}),
                place,
                () -> operation + " at " + List.of(output));
          }
        }
      }
    }
  }

  @Test
  void squaresOfPixelsBecomeChannels() {
    // Channel (i * B + j) * C + c has pixel i, j of the square.
    check(
        new SpaceToDepth(3),
        new Shape(2, 2, 6, 9),
        new Shape(2, 18, 2, 3),
        at -> new int[] {at[0], at[1] % 2, at[2] * 3 + at[1] / 2 / 3, at[3] * 3 + at[1] / 2 % 3});
  }

  @Test
  void channelsBecomeSquaresOfPixels() {
    Shape input = new Shape(2, 18, 2, 3);
    Shape output = new Shape(2, 2, 6, 9);
    check(
        new DepthToSpace(3, DepthToSpace.Order.DEPTH_COLUMN_ROW),
        input,
        output,
        at -> new int[] {at[0], (at[2] % 3 * 3 + at[3] % 3) * 2 + at[1], at[2] / 3, at[3] / 3});
    check(
        new DepthToSpace(3, DepthToSpace.Order.COLUMN_ROW_DEPTH),
        input,
        output,
        at -> new int[] {at[0], (at[1] * 3 + at[2] % 3) * 3 + at[3] % 3, at[2] / 3, at[3] / 3});
  }

  @Test
  void anyDimensionMayBeTheRest() {
    Shape input = new Shape(2, 3, 4, 5);
    for (Reshape reshape :
        List.of(
            new Reshape(Reshape.REST, 3, 4, 5),
            new Reshape(0, Reshape.REST, 0, 0),
            new Reshape(2, 0, Reshape.REST, 0),
            new Reshape(2, 3, 4, Reshape.REST))) {
      check(reshape, input, input, at -> at);
    }
  }

  @Test
  void tensorsFollowOneAnother() {
    for (Axis axis : Axis.values()) {
      Shape base = new Shape(2, 2, 2, 2);
      List<Shape> inputs = List.of(axis.with(base, 1), axis.with(base, 3), axis.with(base, 2));
      Concat concat = new Concat(axis, 3);
      Shape output = axis.with(base, 6);
      assertEquals(List.of(output), concat.outputShapes(inputs));
      int[] tensors = {0, 1, 1, 1, 2, 2};
      int[] positions = {0, 0, 1, 2, 0, 1};
      for (int i = 0; i < 6; i++) {
        int[] place = {1, 1, 1, 1};
        int[] expected = place.clone();
        place[axis.ordinal()] = i;
        expected[axis.ordinal()] = positions[i];
        assertEquals(tensors[i], concat.source(inputs, output, place), axis + " " + i);
        assertArrayEquals(expected, place, axis + " " + i);
      }
    }
    assertEquals(
        List.of(Shape.of(4, 5, 6)),
        new Concat(Axis.CHANNEL, 1).outputShapes(List.of(Shape.of(4, 5, 6))));
  }

  @Test
  void paddingHasNoSource() {
    Pad pad = Pad.zeros(new Padding.Explicit(1, 2, 3, 1));
    Shape input = Shape.of(1, 2, 3);
    Shape output = Shape.of(1, 6, 6);
    assertEquals(List.of(output), pad.outputShapes(List.of(input)));
    StringBuilder image = new StringBuilder();
    for (int y = 0; y < 6; y++) {
      for (int x = 0; x < 6; x++) {
        int source = pad.source(List.of(input), output, new int[] {0, 0, y, x});
        image.append(source == Rearrangement.FILLED ? '.' : 'x');
      }
      image.append('\n');
    }
    assertEquals("......\n..xxx.\n..xxx.\n......\n......\n......\n", image.toString());
    assertEquals(0, pad.fill());
    assertEquals(3, new Pad(pad.sides(), Pad.Mode.CONSTANT, 3).fill());
  }
}
