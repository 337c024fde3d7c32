package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.Axis;
import org.sepconv.ConvGeometry;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Pools over windows and over whole images. */
final class PoolOperators {
  private PoolOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("MaxPool", scope -> pool(scope, Pool2d.Function.MAX));
    all.put("AveragePool", scope -> pool(scope, Pool2d.Function.AVERAGE));
    all.put("GlobalMaxPool", scope -> global(scope, Reduce.Function.MAX));
    all.put("GlobalAveragePool", scope -> global(scope, Reduce.Function.MEAN));
  }

  private static void pool(Scope scope, Pool2d.Function function) {
    Running input = scope.running(0);
    int[] kernel =
        scope
            .attributes()
            .ints("kernel_shape")
            .orElseThrow(() -> new OnnxException("kernel_shape is left out"));
    Windows windows = Windows.of(scope.attributes(), input.dimensions(), kernel);
    if (!Arrays.equals(windows.dilations(), new int[] {1, 1})) {
      throw new UnsupportedNode("pools with dilations are not supported");
    }
    boolean counting = scope.attributes().flag("count_include_pad");
    Running image = scope.view(input, Shapes.image(input.dimensions()));
    Padding padding = windows.padding();
    if (scope.attributes().flag("ceil_mode") && padding instanceof Padding.Explicit sides) {
      Padding.Explicit more = whole(sides, windows, image.shape());
      if (counting && function == Pool2d.Function.AVERAGE && !more.equals(sides)) {
        // What is beyond the padding that the model asks for counts for nothing.
        image = scope.apply("padded", Pad.zeros(sides), padded(image, sides), image);
        more =
            new Padding.Explicit(
                0, 0, more.bottom() - sides.bottom(), more.right() - sides.right());
        counting = false;
      }
      padding = more;
    }
    Pool2d pool =
        new Pool2d(
            function,
            windows.kernel()[0],
            windows.kernel()[1],
            windows.strides()[0],
            windows.strides()[1],
            padding,
            counting);
    ConvGeometry geometry = pool.geometry(image.shape());
    int[] dimensions = ConvolutionOperators.dimensions(geometry.output(), input.rank());
    scope.give(scope.apply("", pool, dimensions, image));
  }

  private static int[] padded(Running image, Padding.Explicit sides) {
    Shape shape = Pad.zeros(sides).outputShapes(List.of(image.shape())).getFirst();
    return ConvolutionOperators.dimensions(shape, 4);
  }

  /** With as much more below and to the right that the last window, begun, is whole. */
  private static Padding.Explicit whole(Padding.Explicit sides, Windows windows, Shape shape) {
    return new Padding.Explicit(
        sides.top(),
        sides.left(),
        sides.bottom()
            + more(
                shape.h(), sides.top(), sides.bottom(), windows.kernel()[0], windows.strides()[0]),
        sides.right()
            + more(
                shape.w(), sides.left(), sides.right(), windows.kernel()[1], windows.strides()[1]));
  }

  private static int more(int size, int before, int after, int kernel, int stride) {
    int room = size + before + after - kernel;
    int windows = Math.ceilDiv(room, stride) + 1;
    if ((windows - 1) * stride >= size + before) {
      windows--; // a window that would begin in the padding behind is none
    }
    return Math.max(0, (windows - 1) * stride - room);
  }

  private static void global(Scope scope, Reduce.Function function) {
    Running input = scope.running(0);
    int[] dimensions = input.dimensions();
    if (dimensions.length < 3) {
      throw new OnnxException("an input of %d dimensions".formatted(dimensions.length));
    }
    int pixels = Tensor.elements(Arrays.copyOfRange(dimensions, 3, dimensions.length));
    Shape shape =
        dimensions.length == 3
            ? Shapes.image(dimensions)
            : new Shape(dimensions[0], dimensions[1], dimensions[2], pixels);
    Arrays.fill(dimensions, 2, dimensions.length, 1);
    scope.give(
        scope.apply(
            "",
            new Reduce(function, Set.of(Axis.HEIGHT, Axis.WIDTH)),
            dimensions,
            scope.view(input, shape)));
  }
}
