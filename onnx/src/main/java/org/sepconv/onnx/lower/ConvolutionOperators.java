package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Convolutions: their filters are constants. */
final class ConvolutionOperators {
  private ConvolutionOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Conv", ConvolutionOperators::convolution);
    all.put("ConvTranspose", ConvolutionOperators::transposed);
  }

  private static void convolution(Scope scope) {
    Tensor filter = scope.constant(1, "the filter");
    Optional<Tensor> bias = scope.known(2, "the bias");
    Running input = scope.running(0);
    int[] sizes = filter.dimensions();
    Windows windows = windows(scope, sizes, input);
    int groups = groups(scope);
    Conv2d conv =
        Conv2d.of(Math.multiplyExact(sizes[1], groups), sizes[0])
            .kernel(windows.kernel()[0], windows.kernel()[1])
            .stride(windows.strides()[0], windows.strides()[1])
            .dilation(windows.dilations()[0], windows.dilations()[1])
            .padding(windows.padding())
            .groups(groups)
            .bias(bias.isPresent())
            .build();
    ConvWeights weights = weights(scope, filter, bias);
    weights.checkMatches(conv);
    Running image = scope.view(input, Shapes.image(input.dimensions()));
    Shape output = conv.outputShape(image.shape());
    scope.give(scope.apply("", conv, weights, dimensions(output, input.rank()), image));
  }

  private static Windows windows(Scope scope, int[] filter, Running input) {
    if (filter.length != input.rank() || filter.length < 3) {
      throw new OnnxException(
          "a filter of %s for an input of %s"
              .formatted(Arrays.toString(filter), Arrays.toString(input.dimensions())));
    }
    int[] kernel = Arrays.copyOfRange(filter, 2, filter.length);
    return Windows.of(scope.attributes(), input.dimensions(), kernel);
  }

  private static int groups(Scope scope) {
    return Math.clamp(scope.attributes().integer("group", 1), 0, Integer.MAX_VALUE);
  }

  private static ConvWeights weights(Scope scope, Tensor filter, Optional<Tensor> bias) {
    return scope
        .cache()
        .of(
            ConvWeights.class,
            "convolution",
            bias.<List<Object>>map(values -> List.of(filter, values)).orElse(List.of(filter)),
            () ->
                bias.map(values -> ConvWeights.of(filter.floats(), values.floats()))
                    .orElseGet(() -> ConvWeights.of(filter.floats())));
  }

  private static void transposed(Scope scope) {
    Tensor filter = scope.constant(1, "the filter");
    Optional<Tensor> bias = scope.known(2, "the bias");
    Running input = scope.running(0);
    int[] sizes = filter.dimensions();
    Windows windows = windows(scope, sizes, input);
    int groups = groups(scope);
    Running image = scope.view(input, Shapes.image(input.dimensions()));
    int spatial = input.rank() - 2;
    int[] more = scope.attributes().ints("output_padding").orElse(new int[spatial]);
    more = spatial == 1 && more.length == 1 ? new int[] {0, more[0]} : more;
    TransposedConv2d conv =
        TransposedConv2d.of(sizes[0], Math.multiplyExact(sizes[1], groups))
            .kernel(windows.kernel()[0], windows.kernel()[1])
            .stride(windows.strides()[0], windows.strides()[1])
            .dilation(windows.dilations()[0], windows.dilations()[1])
            .outputPadding(more[0], more[1])
            .padding(leftOut(scope, windows, more, image.shape(), spatial))
            .groups(groups)
            .bias(bias.isPresent())
            .build();
    ConvWeights weights = weights(scope, filter, bias);
    weights.checkMatches(conv);
    Shape output = conv.outputShapes(List.of(image.shape())).getFirst();
    scope.give(scope.apply("", conv, weights, dimensions(output, input.rank()), image));
  }

  /** Rows and columns of output that are left out: as given, or so that a size comes out. */
  private static Padding.Explicit leftOut(
      Scope scope, Windows windows, int[] more, Shape input, int spatial) {
    Optional<int[]> wanted = scope.attributes().ints("output_shape");
    String auto = scope.attributes().text("auto_pad", "NOTSET");
    boolean same = auto.startsWith("SAME");
    if (wanted.isEmpty() && !same) {
      return windows.padding().resolve(input.h(), input.w(), 1, 1, 1, 1);
    }
    int[] sizes = {input.h(), input.w()};
    int[] before = new int[2];
    int[] after = new int[2];
    for (int i = 0; i < 2; i++) {
      int stride = windows.strides()[i];
      int full =
          stride * (sizes[i] - 1)
              + more[i]
              + (windows.kernel()[i] - 1) * windows.dilations()[i]
              + 1;
      int place = i - (2 - spatial);
      int[] last = wanted.orElse(new int[0]);
      int size =
          place < 0 || last.length == 0 ? sizes[i] * stride : last[last.length - spatial + place];
      int total = full - size;
      if (total < 0) {
        throw new UnsupportedNode(
            "an output of %d, more than the %d there are".formatted(size, full));
      }
      before[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      after[i] = total - before[i];
    }
    return new Padding.Explicit(before[0], before[1], after[0], after[1]);
  }

  /** The dimensions of an image of that rank. */
  static int[] dimensions(Shape shape, int rank) {
    return rank == 3
        ? new int[] {shape.n(), shape.c(), shape.w()}
        : new int[] {shape.n(), shape.c(), shape.h(), shape.w()};
  }
}
