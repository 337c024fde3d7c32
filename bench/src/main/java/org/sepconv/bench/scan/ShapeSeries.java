package org.sepconv.bench.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/**
 * Convolutions that differ in one number, in its order: neighbours should run at much the same
 * speed, and one that does not is a cliff.
 *
 * @param name what they have in common: {@code depthwise 3x3, 56x56}
 * @param parameter what differs: {@code channels}
 */
public record ShapeSeries(String name, String parameter, List<Point> points) {

  /** One of them, on channels-last tensors. */
  public record Point(int value, Problem problem) {
    private Point(int value, Convolution convolution, Shape input) {
      this(value, Problem.of(convolution, TensorSpec.nhwc(input)));
    }
  }

  /** Powers of two and what lies beside them: where vectors, tiles and cache sets end. */
  private static final int[] CHANNELS = {
    1, 3, 8, 15, 16, 17, 24, 32, 33, 48, 63, 64, 65, 96, 128, 160, 192, 255, 256, 257, 384, 512,
    1024
  };

  private static final int[] FEWER_CHANNELS = {
    16, 24, 32, 48, 64, 96, 127, 128, 129, 192, 256, 512
  };

  private static final int[] MAPS = {7, 8, 10, 13, 14, 15, 20, 27, 28, 29, 40, 55, 56, 57, 80, 112};

  private static final int[] GROWING_MAPS = {14, 28, 56, 112, 224, 448, 896};

  private static final int[] GROWING_BATCHES = {1, 2, 4, 8, 16, 32, 64};

  private static final int[] KERNELS = {1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 21, 31};

  private static final int[] SMALL_KERNELS = {1, 2, 3, 4, 5, 6, 7, 9, 11};

  public ShapeSeries {
    points = List.copyOf(points);
  }

  /** Every series of the scan. */
  public static List<ShapeSeries> all() {
    List<ShapeSeries> all = new ArrayList<>();
    for (int stride : new int[] {1, 2}) {
      all.add(
          of(
              "depthwise 3x3 s%d, 28x28".formatted(stride),
              "channels",
              CHANNELS,
              c -> new Point(c, depthwise(c, 3, stride, 1, 1), Shape.of(c, 28, 28))));
    }
    all.add(
        of(
            "depthwise 3x3, 64 channels",
            "map",
            MAPS,
            map -> new Point(map, depthwise(64, 3, 1, 1, 1), Shape.of(64, map, map))));
    all.add(
        of(
            "depthwise KxK, 64 channels, 28x28",
            "kernel",
            KERNELS,
            k -> new Point(k, depthwise(64, k, 1, 1, 1), Shape.of(64, 28, 28))));
    all.add(
        of(
            "depthwise 3x3, 64 channels, 28x28",
            "dilation",
            new int[] {1, 2, 3, 4, 6, 9, 12},
            d -> new Point(d, depthwise(64, 3, 1, d, 1), Shape.of(64, 28, 28))));
    all.add(
        of(
            "depthwise 3x3, 64 channels, 28x28",
            "multiplier",
            new int[] {1, 2, 3, 4},
            m -> new Point(m, depthwise(64, 3, 1, 1, m), Shape.of(64, 28, 28))));
    all.add(
        of(
            "pointwise C->C, 14x14",
            "channels",
            CHANNELS,
            c -> new Point(c, Conv2d.pointwise(c, c).build(), Shape.of(c, 14, 14))));
    all.add(
        of(
            "pointwise 128->128",
            "map",
            MAPS,
            map -> new Point(map, Conv2d.pointwise(128, 128).build(), Shape.of(128, map, map))));
    all.add(
        of(
            "standard 3x3 C->C, 14x14",
            "channels",
            FEWER_CHANNELS,
            c -> new Point(c, standard(c, 3), Shape.of(c, 14, 14))));
    all.add(
        of(
            "pointwise 256->C, one pixel",
            "channels",
            CHANNELS,
            c -> new Point(c, Conv2d.pointwise(256, c).build(), Shape.of(256, 1, 1))));
    all.add(
        of(
            "pointwise 256->256, one pixel",
            "batch",
            new int[] {1, 2, 3, 4, 5, 6, 8, 16, 32},
            n -> new Point(n, Conv2d.pointwise(256, 256).build(), new Shape(n, 256, 1, 1))));
    all.add(
        of(
            "grouped 3x3 128->128, 28x28",
            "groups",
            new int[] {1, 2, 4, 8, 16, 32, 64},
            g ->
                new Point(
                    g,
                    Conv2d.of(128, 128).kernel(3).groups(g).same().build(),
                    Shape.of(128, 28, 28))));
    all.add(
        of(
            "pictures C->C, 3x3, 224x224",
            "channels",
            new int[] {1, 2, 3, 4, 5, 6, 8},
            c -> new Point(c, standard(c, 3), Shape.of(c, 224, 224))));
    all.add(
        of(
            "standard KxK 32->32, 28x28",
            "kernel",
            SMALL_KERNELS,
            k -> new Point(k, standard(32, k), Shape.of(32, 28, 28))));
    all.add(
        of(
            "separable 3x3 C->C, 14x14",
            "channels",
            CHANNELS,
            c -> new Point(c, SeparableConv2d.of(c, c).same().build(), Shape.of(c, 14, 14))));
    all.add(
        of(
            "separable 3x3 64->64",
            "map",
            MAPS,
            map ->
                new Point(map, SeparableConv2d.of(64, 64).same().build(), Shape.of(64, map, map))));
    all.addAll(growing());
    return all;
  }

  /** Work that grows: the speed should not change from 28x28 on. */
  private static List<ShapeSeries> growing() {
    SeparableConv2d separable = SeparableConv2d.of(64, 64).same().build();
    return List.of(
        of(
            "growing separable 3x3 64->64",
            "map",
            GROWING_MAPS,
            map -> new Point(map, separable, Shape.of(64, map, map))),
        of(
            "growing separable 3x3 64->64, 28x28",
            "batch",
            GROWING_BATCHES,
            n -> new Point(n, separable, new Shape(n, 64, 28, 28))));
  }

  private static ShapeSeries of(
      String name, String parameter, int[] values, IntFunction<Point> point) {
    return new ShapeSeries(name, parameter, Arrays.stream(values).mapToObj(point).toList());
  }

  private static Conv2d depthwise(int channels, int kernel, int stride, int dilation, int times) {
    return Conv2d.depthwise(channels, times)
        .kernel(kernel)
        .stride(stride)
        .dilation(dilation)
        .same()
        .build();
  }

  private static Conv2d standard(int channels, int kernel) {
    return Conv2d.of(channels, channels).kernel(kernel).same().build();
  }
}
