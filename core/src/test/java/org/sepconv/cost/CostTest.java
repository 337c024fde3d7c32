package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;

class CostTest {

  @Test
  void standardByHand() {
    // 2 images, 64 -> 64, 3 x 3 on 56 x 56: N H' W' C O K K = 2 * 56 * 56 * 64 * 64 * 9.
    Conv2d conv = Conv2d.of(64, 64).kernel(3).same().bias().build();
    Cost cost = Cost.of(conv, new Shape(2, 64, 56, 56));
    assertEquals(231_211_008L, cost.macs());
    assertEquals(462_422_016L, cost.flops());
    assertEquals(36_864, cost.filterParameters());
    assertEquals(64, cost.biasParameters());
    assertEquals(36_928, cost.parametersWithBias());
    assertEquals(1_605_632, cost.inputBytes());
    assertEquals(147_712, cost.weightBytes());
    assertEquals(1_605_632, cost.outputBytes());
    assertEquals(3_358_976, cost.bytes());
    assertEquals(462_422_016.0 / 3_358_976.0, cost.intensity());
  }

  @ParameterizedTest(name = "N {0}, C {1}, O {2}, K {3}, stride {4}, groups {5}")
  @CsvSource({
    "1, 32, 64, 3, 1, 1, 28",
    "3, 32, 64, 5, 2, 1, 28",
    "1, 32, 64, 3, 1, 4, 28",
    "2, 32, 32, 3, 2, 32, 28",
    "1, 32, 96, 3, 1, 32, 28",
    "4, 32, 64, 1, 1, 1, 28",
  })
  void theFormulasOfThePapers(int n, int c, int o, int k, int stride, int groups, int size) {
    Conv2d conv = Conv2d.of(c, o).kernel(k).stride(stride).groups(groups).same().build();
    long out = Math.ceilDiv(size, stride);
    Cost cost = Cost.of(conv, new Shape(n, c, size, size));
    assertEquals(n * out * out * o * (c / groups) * k * k, cost.macs());
    assertEquals((long) o * (c / groups) * k * k, cost.filterParameters());
    assertEquals(0, cost.biasParameters());
    assertEquals(4L * n * c * size * size, cost.inputBytes());
    assertEquals(4L * o * (c / groups) * k * k, cost.weightBytes());
    assertEquals(4L * n * o * out * out, cost.outputBytes());
  }

  @Test
  void aResidualIsOneAdditionAndOneMoreReadOfEachOutput() {
    Shape input = new Shape(2, 16, 8, 8);
    Conv2d conv = Conv2d.of(16, 24).kernel(3).same().bias().build();
    SeparableConv2d block = SeparableConv2d.of(16, 24).same().bias().build();
    SeparableConv2d adding = SeparableConv2d.of(16, 24).same().bias().residual().build();
    for (Cost[] pair :
        new Cost[][] {
          {Cost.of(conv, input), Cost.of(conv.withResidual(true), input)},
          {Cost.of(block, input), Cost.of(adding, input)}
        }) {
      assertEquals(0, pair[0].additions());
      assertEquals(2 * 24 * 8 * 8, pair[1].additions());
      assertEquals(pair[0].macs(), pair[1].macs());
      assertEquals(pair[0].flops() + 2 * 24 * 8 * 8, pair[1].flops());
      assertEquals(pair[0].inputBytes() + 4 * 2 * 24 * 8 * 8, pair[1].inputBytes());
      assertEquals(pair[0].outputBytes(), pair[1].outputBytes());
      assertEquals(pair[0].bytes() + 4 * 2 * 24 * 8 * 8, pair[1].bytes());
    }
  }

  @Test
  void tapsThatMeetThePaddingCount() {
    assertEquals(
        81, Cost.of(Conv2d.of(1, 1).kernel(3).padding(1).build(), Shape.of(1, 3, 3)).macs());
  }

  @Test
  void separableIsBothStagesWithoutTheBytesBetween() {
    // Depthwise 56 * 56 * 64 * 9, pointwise 56 * 56 * 64 * 64.
    SeparableConv2d separable = SeparableConv2d.of(64, 64).same().bias().build();
    Cost cost = Cost.of(separable, Shape.of(64, 56, 56));
    assertEquals(1_806_336 + 12_845_056, cost.macs());
    assertEquals(576 + 4096, cost.filterParameters());
    assertEquals(64 + 64, cost.biasParameters());
    assertEquals(802_816, cost.inputBytes());
    assertEquals(4 * (576 + 4096 + 128), cost.weightBytes());
    assertEquals(802_816, cost.outputBytes());
  }

  @Test
  void poolingAndAdditionHaveNoMacs() {
    Shape shape = Shape.of(8, 4, 4);
    TensorSpec spec = TensorSpec.nchw(shape);
    assertEquals(
        new Cost(0, 0, 0, 0, 512, 0, 32),
        Cost.of(Problem.of(Reduce.globalAveragePool(), List.of(spec))));
    assertEquals(
        new Cost(0, 128, 0, 0, 1024, 0, 512),
        Cost.of(Problem.of(Binary.add(), List.of(spec, spec))));
    Conv2d conv = Conv2d.pointwise(8, 2).build();
    assertEquals(Cost.of(conv, shape), Cost.of(Problem.of(conv, List.of(spec))));
  }

  @Test
  void addsUpTermByTerm() {
    Cost sum = new Cost(1, 2, 3, 4, 5, 6, 7).plus(new Cost(10, 20, 30, 40, 50, 60, 70));
    assertEquals(new Cost(11, 22, 33, 44, 55, 66, 77), sum);
    assertEquals(sum, sum.plus(Cost.ZERO));
  }

  @Test
  void theLargestConvolutionIsCountedExactly() {
    // 2^30 outputs of 2^30 products: 2^60 MACs, 2^61 FLOPs.
    Conv2d conv = Conv2d.of(1, 1).kernel(1 << 15).padding((1 << 15) - 1).build();
    Cost cost = Cost.of(conv, Shape.of(1, 1, 1));
    assertEquals(1L << 60, cost.macs());
    assertEquals(1L << 61, cost.flops());
  }

  @Test
  void sumsThatOverflowAreAnError() {
    for (int term = 0; term < 7; term++) {
      long[] v = new long[7];
      v[term] = Long.MAX_VALUE;
      Cost large = new Cost(v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
      Expect.failure(ArithmeticException.class, () -> large.plus(new Cost(1, 1, 1, 1, 1, 1, 1)));
    }
    Expect.failure(ArithmeticException.class, () -> new Cost(1L << 62, 0, 0, 0, 0, 0, 0).flops());
  }

  @Test
  void inputsMustFit() {
    Conv2d conv = Conv2d.pointwise(8, 2).build();
    Expect.refused(() -> Cost.of(conv, Shape.of(9, 1, 1)), "9 channels");
    Expect.refused(() -> Cost.of(Problem.of(conv, List.of())), "1 input, not 0");
  }

  @Test
  void aTransposedConvolutionCountsEveryTapOfEveryInput() {
    TransposedConv2d conv =
        TransposedConv2d.of(6, 4).groups(2).kernel(2, 3).stride(2).bias().build();
    Problem problem = Problem.of(conv, List.of(TensorSpec.nchw(new Shape(2, 6, 5, 7))));
    // Each of 2 x 6 x 5 x 7 values goes to 2 outputs of its group, 6 taps each; 10 x 15 pixels.
    assertEquals(
        new Cost(420 * 12, 0, 72, 4, 4 * 420, 4 * 76, 4 * 2 * 4 * 10 * 15), Cost.of(problem));
    TransposedConv2d bare = conv.withBias(false);
    assertEquals(
        new Cost(420 * 12, 0, 72, 0, 4 * 420, 4 * 72, 4 * 2 * 4 * 10 * 15),
        Cost.of(Problem.of(bare, List.of(TensorSpec.nchw(new Shape(2, 6, 5, 7))))));
  }

  @Test
  void otherOperationsOfNetworks() {
    TensorSpec left = TensorSpec.nchw(new Shape(1, 2, 3, 5));
    TensorSpec right = TensorSpec.nchw(new Shape(1, 2, 5, 7));
    assertEquals(
        new Cost(2 * 3 * 7 * 5, 0, 0, 0, 4 * (30 + 70), 0, 4 * 42),
        Cost.of(Problem.of(new MatrixProduct(), List.of(left, right))));
    assertEquals(
        new Cost(0, 0, 0, 2 * 2, 4 * 30, 16 * 2, 4 * 30),
        Cost.of(Problem.of(new BatchNormalization(2), List.of(left))));
    assertEquals(
        new Cost(0, 30, 0, 0, 4 * 60, 0, 4 * 30),
        Cost.of(Problem.of(Binary.add(), List.of(left, left))));
    for (Operation operation :
        List.of(
            new SquareRoot(),
            Pool2d.max(1, 1, Padding.valid()),
            Reshape.flatten(),
            new ResizeLinear(Resampling.to(3, 5, Resampling.Coordinates.HALF_PIXEL)),
            new Softmax(Axis.CHANNEL))) {
      assertEquals(
          new Cost(0, 0, 0, 0, 4 * 30, 0, 4 * 30),
          Cost.of(Problem.of(operation, List.of(left))),
          operation.toString());
    }
    assertEquals(
        new Cost(0, 0, 0, 0, 4 * 60, 0, 4 * 30),
        Cost.of(Problem.of(new Binary(Binary.Function.MULTIPLY), List.of(left, left))));
  }
}
