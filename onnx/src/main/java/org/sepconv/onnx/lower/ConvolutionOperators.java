package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Convolutions: their filters are constants. */
final class ConvolutionOperators {
  private ConvolutionOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Conv", ConvolutionOperators::convolution);
  }

  private static void convolution(Scope scope) {
    Tensor filter = scope.constant(1, "the filter");
    Optional<Tensor> bias = scope.known(2, "the bias");
    Running input = scope.running(0);
    int[] sizes = filter.dimensions();
    if (sizes.length != input.rank() || sizes.length < 3) {
      throw new OnnxException(
          "a filter of %s for an input of %s"
              .formatted(Arrays.toString(sizes), Arrays.toString(input.dimensions())));
    }
    int[] kernel = Arrays.copyOfRange(sizes, 2, sizes.length);
    Windows windows = Windows.of(scope.attributes(), input.dimensions(), kernel);
    int groups = Math.clamp(scope.attributes().integer("group", 1), 0, Integer.MAX_VALUE);
    Conv2d conv =
        Conv2d.of(Math.multiplyExact(sizes[1], groups), sizes[0])
            .kernel(windows.kernel()[0], windows.kernel()[1])
            .stride(windows.strides()[0], windows.strides()[1])
            .dilation(windows.dilations()[0], windows.dilations()[1])
            .padding(windows.padding())
            .groups(groups)
            .bias(bias.isPresent())
            .build();
    ConvWeights weights =
        scope
            .cache()
            .of(
                ConvWeights.class,
                "convolution",
                bias.<List<Object>>map(values -> List.of(filter, values)).orElse(List.of(filter)),
                () ->
                    bias.map(values -> ConvWeights.of(filter.floats(), values.floats()))
                        .orElseGet(() -> ConvWeights.of(filter.floats())));
    weights.checkMatches(conv);
    Running image = scope.view(input, Shapes.image(input.dimensions()));
    Shape output = conv.outputShape(image.shape());
    scope.give(scope.apply("", conv, weights, dimensions(output, input.rank()), image));
  }

  /** The dimensions of an image of that rank. */
  static int[] dimensions(Shape shape, int rank) {
    return rank == 3
        ? new int[] {shape.n(), shape.c(), shape.w()}
        : new int[] {shape.n(), shape.c(), shape.h(), shape.w()};
  }
}
