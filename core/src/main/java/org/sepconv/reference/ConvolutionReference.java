package org.sepconv.reference;

import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.reference.Reference.Result;

/** {@link Conv2d} and {@link TransposedConv2d} by their definitions. */
final class ConvolutionReference {
  private ConvolutionReference() {}

  static Result conv2d(
      Conv2d conv,
      ConvWeights weights,
      Result input,
      Layout layout,
      Optional<Result> residual,
      Propagation propagation) {
    Layout inputLayout = input.spec().layout();
    ConvGeometry geometry = conv.geometry(input.spec().shape());
    Shape in = geometry.input();
    Shape out = geometry.output();
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(out.c());
    double[] added = residual.map(Result::values).orElseGet(() -> new double[out.elements()]);
    double[] addedErrors = residual.map(Result::bounds).orElseGet(() -> new double[out.elements()]);
    double[] values = new double[out.elements()];
    double[] bounds = new double[out.elements()];
    int channels = conv.channelsPerGroup();

    for (int n = 0; n < out.n(); n++) {
      for (int o = 0; o < out.c(); o++) {
        int firstChannel = o / conv.outputsPerGroup() * channels;
        for (int y = 0; y < out.h(); y++) {
          for (int x = 0; x < out.w(); x++) {
            int index = layout.index(out, n, o, y, x);
            BoundedSum sum = new BoundedSum(propagation, bias[o]);
            sum.add(added[index], addedErrors[index]);
            for (int c = 0; c < channels; c++) {
              for (int i = 0; i < conv.kernelH(); i++) {
                int row = geometry.inputRow(y) + i * conv.dilationH();
                if (row < 0 || row >= in.h()) {
                  continue;
                }
                for (int j = 0; j < conv.kernelW(); j++) {
                  int column = geometry.inputColumn(x) + j * conv.dilationW();
                  if (column < 0 || column >= in.w()) {
                    continue;
                  }
                  double w = filter[((o * channels + c) * conv.kernelH() + i) * conv.kernelW() + j];
                  int source = inputLayout.index(in, n, firstChannel + c, row, column);
                  sum.addProduct(input, source, w);
                }
              }
            }
            int terms =
                conv.productsPerOutput() + (conv.bias() ? 1 : 0) + (conv.residual() ? 1 : 0);
            values[index] = conv.activation().apply(sum.value());
            bounds[index] =
                ActivationError.after(
                    conv.activation(), sum.value(), sum.error(terms), propagation);
          }
        }
      }
    }
    return new Result(new TensorSpec(out, layout), values, bounds);
  }

  static Result transposed(
      TransposedConv2d conv,
      ConvWeights weights,
      Result input,
      TensorSpec output,
      Propagation propagation) {
    Shape in = input.spec().shape();
    Layout layout = input.spec().layout();
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(conv.outChannels());
    int channels = conv.channelsPerGroup();
    int terms = conv.productsPerOutput() + (conv.bias() ? 1 : 0);
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          int o = place[1];
          int group = o / conv.outputsPerGroup();
          BoundedSum sum = new BoundedSum(propagation, bias[o]);
          for (int i = 0; i < conv.kernelH(); i++) {
            int row = inputOf(place[2] - conv.outputRow(0, i), conv.strideH(), in.h());
            for (int j = 0; j < conv.kernelW() && row >= 0; j++) {
              int column = inputOf(place[3] - conv.outputColumn(0, j), conv.strideW(), in.w());
              for (int c = group * channels; c < (group + 1) * channels && column >= 0; c++) {
                int first = c * conv.outputsPerGroup() + o % conv.outputsPerGroup();
                double w = filter[(first * conv.kernelH() + i) * conv.kernelW() + j];
                int source = layout.index(in, place[0], c, row, column);
                sum.addProduct(input, source, w);
              }
            }
          }
          result.set(
              conv.activation().apply(sum.value()),
              ActivationError.after(conv.activation(), sum.value(), sum.error(terms), propagation));
        });
  }

  /** The row or column of the input that lies at so many of the output; negative if none does. */
  private static int inputOf(int distance, int stride, int length) {
    boolean meets = distance >= 0 && distance % stride == 0 && distance / stride < length;
    return meets ? distance / stride : -1;
  }
}
