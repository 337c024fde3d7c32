package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Gather;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.Weights;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Prepared;

/** Which kernels were considered, and why they are not what runs. */
@DisplayName("explain")
class ExplainTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          auto   | a standard in=3x9x40 out=4 kernel=3     |
          auto   | a depthwise in=3x9x40 kernel=3 stride=2 | planar: no, a stride along the row; window: no, the filter has 3 columns, fewer than 8
          auto   | a depthwise in=3x9x10 kernel=3          | planar: no, rows of 8 pixels, less than two vectors; window: no, the filter has 3 columns, fewer than 8
          auto   | a depthwise in=16x9x9                   | planar: no, 16 to 16 channels, more than 4; window: no, the filter has 3 columns, fewer than 8
          auto   | a depthwise in=16x9x9 kernel=9 padding=4 | planar: no, 16 to 16 channels, more than 4
          auto   | a depthwise in=3x9x40 kernel=1x33 multiplier=2 | planar: no, 3 to 6 channels, more than 4; window: no, groups of 1 channels make 2 outputs; depthwise: no, the filter is 33 columns wide, more than the 32 that a tile unrolls; one pixel: no, not pointwise, or with padding; in place: no, not pointwise, or with a stride or padding
          auto   | a pointwise in=8x9x9 out=8              | planar: no, 8 to 8 channels, more than 4; window: no, a single group; depthwise: no, each output sees 8 channels; one pixel: no, 9x9 pixels
          auto   | a pointwise in=8x9x9 out=16             | planar: no, 8 to 16 channels, more than 4; window: no, groups of 8 channels make 16 outputs; depthwise: no, each output sees 8 channels; one pixel: no, 9x9 pixels
          auto   | a pointwise in=16x1x1 out=8             | planar: no, 16 to 8 channels, more than 4; window: no, groups of 16 channels make 8 outputs; depthwise: no, each output sees 16 channels
          auto   | a pointwise in=17x9x9 out=8             | planar: no, 17 to 8 channels, more than 4; window: no, groups of 17 channels make 8 outputs; depthwise: no, each output sees 17 channels; one pixel: no, 9x9 pixels; in place: no, 17 channels, more than the 8 up to which a copy costs more
          auto   | a pointwise in=512x9x9 out=8            | planar: no, 512 to 8 channels, more than 4; window: no, groups of 512 channels make 8 outputs; depthwise: no, each output sees 512 channels; one pixel: no, 9x9 pixels; in place: no, 512 channels, more than the 8 up to which a copy costs more
          auto   | a standard in=4x9x9 out=8 kernel=3      | planar: no, 4 to 8 channels, more than 4; window: no, groups of 4 channels make 8 outputs; depthwise: no, each output sees 4 channels; one pixel: no, not pointwise, or with padding; in place: no, not pointwise, or with a stride or padding
          auto   | a grouped in=16x9x9 out=16 groups=4     | planar: no, 16 to 16 channels, more than 4
          auto   | a grouped in=12x9x9 out=12 groups=4     | planar: no, 12 to 12 channels, more than 4; window: no, 4 groups of 3 channels do not fit into vectors of 8; depthwise: no, each output sees 3 channels; one pixel: no, not pointwise, or with padding; in place: no, not pointwise, or with a stride or padding
          auto   | a separable in=16x9x9 out=8             |
          never  | a separable in=16x9x9 out=8             | fused: no, cpu.fuse=never; planar: no, 16 to 16 channels, more than 4; window: no, the filter has 3 columns, fewer than 8; planar: no, 16 to 8 channels, more than 4; window: no, groups of 16 channels make 8 outputs; depthwise: no, each output sees 16 channels; one pixel: no, 7x7 pixels; in place: no, 16 channels, more than the 8 up to which a copy costs more
          """)
  void refusedKernels(String fuse, String line, String expected) {
    Assumptions.assumeTrue(
        VectorApi.isPresent(), "skipped: vector kernels need the module jdk.incubator.vector");
    ShapeCase shape = ShapeFile.parseLine(line);
    BackendOptions options =
        BackendOptions.defaults()
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", "256")
            .with("cpu.fuse", fuse);
    try (ConvBackend cpu =
            new CpuBackendProvider().open(new DeviceInfo("cpu", "test", Map.of()), options);
        Prepared prepared =
            cpu.prepare(
                shape.problem(Layout.NHWC), TestData.of(shape, DataKind.FLOATS, 1).weights())) {
      List<KernelCandidate> all = prepared.explain();
      assertEquals(
          expected == null ? "" : expected,
          all.stream()
              .filter(candidate -> !candidate.taken())
              .map(KernelCandidate::toString)
              .collect(Collectors.joining("; ")));
      assertEquals(
          prepared.kernel(),
          all.stream()
              .filter(KernelCandidate::taken)
              .map(KernelCandidate::kernel)
              .collect(Collectors.joining(" + ")));
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void kernelsOfOperations(Operation operation, List<Shape> shapes, String kernel, String refused) {
    Assumptions.assumeTrue(
        VectorApi.isPresent(), "skipped: vector kernels need the module jdk.incubator.vector");
    BackendOptions options =
        BackendOptions.defaults().withWarmUp(Duration.ZERO).with("cpu.vector-bits", "256");
    Problem problem = Problem.of(operation, shapes.stream().map(TensorSpec::nchw).toList());
    try (ConvBackend cpu =
            new CpuBackendProvider().open(new DeviceInfo("cpu", "test", Map.of()), options);
        Prepared prepared = cpu.prepare(problem, Weights.random(operation, 1))) {
      assertEquals(kernel, prepared.kernel());
      List<KernelCandidate> all = prepared.explain();
      assertEquals(
          refused,
          all.subList(0, all.size() - 1).stream()
              .map(KernelCandidate::toString)
              .collect(Collectors.joining("; ")));
      assertEquals(kernel, all.getLast().kernel());
      assertTrue(all.getLast().taken());
    }
  }

  static Stream<Arguments> operations() {
    Shape image = new Shape(1, 16, 9, 9);
    Shape few = new Shape(1, 5, 9, 9);
    Shape channels = new Shape(1, 16, 1, 1);
    return Stream.of(
        Arguments.of(Binary.add(), List.of(image, image), "f32-add-nchw8c-rows", ""),
        Arguments.of(
            Binary.multiply(),
            List.of(image, channels),
            "f32-multiply-nchw8c-repeated-rows",
            "rows: no, an input is repeated along a dimension"),
        Arguments.of(new Activate(Activation.RELU6), List.of(few), "f32-activation-relu6-nhwc", ""),
        Arguments.of(
            Pool2d.max(3, 2, Padding.same()), List.of(image), "f32-max-pool-nchw8c-3x3s2-rows", ""),
        Arguments.of(
            Reduce.globalAveragePool(), List.of(image), "f32-global-average-pool-nchw8c-rows", ""),
        Arguments.of(
            new Reduce(Reduce.Function.MAX, Set.of(Axis.CHANNEL)),
            List.of(image),
            "f32-max-over-channel-nchw8c-rows",
            ""),
        Arguments.of(
            new Reduce(Reduce.Function.SUM, Set.of(Axis.BATCH)),
            List.of(image),
            "f32-sum-over-batch-nchw8c-values",
            "rows: no, over images, not within one"),
        Arguments.of(
            new Concat(Axis.CHANNEL, 2),
            List.of(image, image),
            "f32-concat-channel-nchw8c-rows",
            ""),
        Arguments.of(
            new Concat(Axis.CHANNEL, 2),
            List.of(few, image),
            "f32-concat-channel-nchw8c-values",
            "rows: no, lanes or columns of the input lie otherwise"),
        Arguments.of(
            new Concat(Axis.CHANNEL, 2),
            List.of(new Shape(1, 12, 9, 9), image),
            "f32-concat-channel-nchw8c-lanes",
            "rows: no, lanes or columns of the input lie otherwise"),
        Arguments.of(
            Gather.channelShuffle(16, 2),
            List.of(image),
            "f32-gather-channel-nchw8c-lanes",
            "rows: no, lanes or columns of the input lie otherwise"),
        Arguments.of(
            new Transpose(List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL)),
            List.of(image),
            "f32-transpose-nchw8c-values",
            "rows: no, lanes or columns of the input lie otherwise"),
        Arguments.of(
            Slice.of(Axis.CHANNEL, 0, 12), List.of(image), "f32-slice-channel-nchw8c-rows", ""),
        Arguments.of(
            Pad.zeros(new Padding.Explicit(1, 1, 1, 1)),
            List.of(image),
            "f32-pad-constant-nchw8c-rows",
            ""),
        Arguments.of(
            Reshape.flatten(),
            List.of(image),
            "f32-reshape-nchw8c-values",
            "blocks: no, values go to other channels"));
  }
}
