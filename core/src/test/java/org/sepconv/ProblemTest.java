package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
  private static final Conv2d CONV = Conv2d.of(3, 8).kernel(3).build();
  private static final Conv2d ADDING = CONV.withResidual(true);
  private static final TensorSpec SOURCE = TensorSpec.nchw(Shape.of(3, 5, 6));
  private static final TensorSpec OUTPUT = TensorSpec.nchw(Shape.of(8, 3, 4));

  @Test
  void hasTheLooksOfAllTensors() {
    Problem problem = Problem.of(CONV, SOURCE);
    assertEquals(CONV, problem.operation());
    assertEquals(List.of(SOURCE), problem.inputs());
    assertEquals(List.of(OUTPUT), problem.outputs());
    assertEquals(SOURCE, problem.source());
    assertEquals(OUTPUT, problem.destination());
    assertEquals(List.of(SOURCE, OUTPUT), problem.tensors());
  }

  @Test
  void aResidualLooksLikeTheOutput() {
    assertEquals(List.of(SOURCE, OUTPUT), Problem.of(ADDING, SOURCE).inputs());
    Problem mixed = Problem.of(ADDING, SOURCE, Layout.NHWC);
    TensorSpec turned = OUTPUT.withLayout(Layout.NHWC);
    assertEquals(List.of(SOURCE, turned), mixed.inputs());
    assertEquals(List.of(turned), mixed.outputs());
    assertEquals(List.of(SOURCE, turned, turned), mixed.tensors());
  }

  @Test
  void layoutsAndTypesAreThoseOfTheSourceUnlessAskedOtherwise() {
    TensorSpec half = SOURCE.withLayout(Layout.NHWC).withType(ElementType.FLOAT16);
    TensorSpec output = new TensorSpec(OUTPUT.shape(), Layout.NHWC, ElementType.FLOAT16);
    assertEquals(output, Problem.of(CONV, half).destination());
    assertEquals(output.withLayout(Layout.NCHW), Problem.of(CONV, half, Layout.NCHW).destination());
    assertEquals(List.of(half), Problem.of(Binary.add(), List.of(half, half)).outputs());
    assertEquals(
        half.withShape(Shape.of(3, 1, 1)),
        Problem.of(Reduce.globalAveragePool(), List.of(half)).destination());
  }

  @Test
  void whatTheOperationCannotTakeIsRefused() {
    TensorSpec wide = TensorSpec.nchw(Shape.of(4, 5, 6));
    TensorSpec small = TensorSpec.nchw(Shape.of(3, 2, 2));
    Expect.refused(() -> Problem.of(CONV, wide), "input has 4 channels");
    Expect.refused(() -> Problem.of(CONV, wide, Layout.NHWC), "input has 4 channels");
    Expect.refused(() -> Problem.of(CONV, small), "2");
    Expect.refused(() -> Problem.of(Binary.add(), List.of(SOURCE)), "2 inputs");
    Expect.refused(
        () -> Problem.of(Binary.add(), List.of(SOURCE, wide)), "as long in each dimension");
    Expect.refused(() -> Problem.of(Binary.add(), List.of()), "2 inputs");
    Expect.refused(
        () -> new Problem(ADDING, List.of(SOURCE), List.of(OUTPUT)), "takes 2 inputs, not 1");
    Expect.refused(
        () -> new Problem(ADDING, List.of(SOURCE, SOURCE), List.of(OUTPUT)),
        "the residual is 1x3x5x6",
        "1x8x3x4");
  }

  @Test
  void outputsOfAnotherShapeAreRefused() {
    Expect.refused(
        () -> new Problem(CONV, List.of(SOURCE), List.of(SOURCE)),
        CONV.toString(),
        "gives [1x8x3x4]",
        "not [1x3x5x6]");
    Expect.refused(() -> new Problem(CONV, List.of(SOURCE), List.of()), "not []");
    Expect.refused(
        () -> new Problem(CONV, List.of(SOURCE), List.of(OUTPUT, OUTPUT)),
        "not [1x8x3x4, 1x8x3x4]");
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> Problem.of(null, SOURCE), "convolution");
    Expect.nullRefused(() -> Problem.of(CONV, (TensorSpec) null), "source");
    Expect.nullRefused(() -> Problem.of(CONV, SOURCE, null), "layout");
    Expect.nullRefused(() -> new Problem(null, List.of(SOURCE), List.of(OUTPUT)), "operation");
  }

  @Test
  void theListsAreCopied() {
    List<TensorSpec> inputs = new ArrayList<>(List.of(SOURCE));
    Problem problem = new Problem(CONV, inputs, List.of(OUTPUT));
    inputs.clear();
    assertEquals(List.of(SOURCE), problem.inputs());
    assertThrows(UnsupportedOperationException.class, () -> problem.inputs().clear());
    assertThrows(UnsupportedOperationException.class, () -> problem.outputs().clear());
  }

  @Test
  void theSameConvolutionTakesAnotherSource() {
    TensorSpec batch = TensorSpec.nchw(new Shape(4, 3, 7, 9));
    Problem problem = Problem.of(ADDING, SOURCE, Layout.NHWC);
    assertEquals(Problem.of(ADDING, batch, Layout.NHWC), problem.withSource(batch));
    assertEquals(problem, problem.withSource(SOURCE));
    Expect.refused(
        () -> problem.withSource(TensorSpec.nchw(Shape.of(4, 7, 9))), "input has 4 channels");
    assertEquals(
        Problem.of(Binary.add(), List.of(batch, batch)),
        Problem.of(Binary.add(), List.of(SOURCE, SOURCE)).withSource(batch));
    TensorSpec scale = TensorSpec.nchw(Shape.of(3, 1, 1));
    assertEquals(
        List.of(batch, scale.withShape(new Shape(4, 3, 1, 1))),
        Problem.of(Binary.multiply(), List.of(SOURCE, scale)).withSource(batch).inputs());
    Problem pool = Problem.of(Reduce.globalAveragePool(), List.of(SOURCE));
    assertEquals(Problem.of(Reduce.globalAveragePool(), List.of(batch)), pool.withSource(batch));
  }

  @Test
  void anotherSourceChangesNoOtherLayoutOrType() {
    TensorSpec output = OUTPUT.withLayout(Layout.NHWC).withType(ElementType.FLOAT16);
    Problem problem = new Problem(ADDING, List.of(SOURCE, output), List.of(output));
    Problem wide = problem.withSource(TensorSpec.nchw(Shape.of(3, 5, 8)));
    Shape shape = Shape.of(8, 3, 6);
    assertEquals(output.withShape(shape), wide.inputs().getLast());
    assertEquals(output.withShape(shape), wide.destination());
  }

  @Test
  void whatTheOutputMayReplaceLooksLikeIt() {
    Expect.refused(
        () -> new Problem(ADDING, List.of(SOURCE, OUTPUT), List.of(OUTPUT.withLayout(Layout.NHWC))),
        "the residual of ",
        "must be as the output");
  }

  @Test
  void differsByWhateverDiffers() {
    Problem problem = Problem.of(CONV, SOURCE);
    assertEquals(problem, Problem.of(CONV, SOURCE, Layout.NCHW));
    assertEquals(problem.hashCode(), Problem.of(CONV, SOURCE, Layout.NCHW).hashCode());
    assertNotEquals(problem, Problem.of(CONV, SOURCE, Layout.NHWC));
    assertNotEquals(problem, Problem.of(CONV, SOURCE.withLayout(Layout.NHWC), Layout.NCHW));
    assertNotEquals(problem, Problem.of(CONV, SOURCE.withType(ElementType.INT8)));
    assertNotEquals(problem, Problem.of(CONV.withBias(true), SOURCE));
  }

  @Test
  void isOneLine() {
    assertEquals(
        "pointwise 1x1 32->64 on NCHW 1x32x56x56 -> NCHW 1x64x56x56",
        Problem.of(Conv2d.pointwise(32, 64).build(), TensorSpec.nchw(Shape.of(32, 56, 56)))
            .toString());
    assertEquals(
        ADDING + " on NCHW 1x3x5x6 and NHWC 1x8x3x4 -> NHWC 1x8x3x4",
        Problem.of(ADDING, SOURCE, Layout.NHWC).toString());
    TensorSpec half = SOURCE.withType(ElementType.FLOAT16);
    assertEquals(
        "add on NCHW 1x3x5x6 float16 and NCHW 1x3x5x6 float16 -> NCHW 1x3x5x6 float16",
        Problem.of(Binary.add(), List.of(half, half)).toString());
  }

  @Test
  void onlyAConvolutionIsOne() {
    assertEquals(CONV, Problem.of(CONV, SOURCE).convolution());
    Problem add = Problem.of(Binary.add(), List.of(SOURCE, SOURCE));
    Expect.refused(add::convolution, "only for a convolution, not for add");
  }
}
