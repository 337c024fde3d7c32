package org.sepconv.reference;

import java.util.Optional;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.reference.Reference.Result;

/** {@link Conv2d} by its definition. */
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
            double sum = bias[o] + added[index];
            double positive =
                SumError.positive(bias[o]) + SumError.positive(added[index]); // sums of the finite
            double negative =
                SumError.positive(-bias[o])
                    + SumError.positive(-added[index]); // terms of each sign
            double inherited =
                propagation.add(0, addedErrors[index]); // what the inputs bring along
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
                  double product = input.values()[source] * w;
                  sum += product;
                  positive += SumError.positive(product);
                  negative += SumError.positive(-product);
                  inherited =
                      propagation.add(
                          inherited,
                          SumError.inherited(input.values()[source], input.bounds()[source], w));
                }
              }
            }
            int terms =
                conv.productsPerOutput() + (conv.bias() ? 1 : 0) + (conv.residual() ? 1 : 0);
            double error =
                SumError.of(sum, terms, positive, negative, propagation.total(inherited));
            values[index] = conv.activation().apply(sum);
            bounds[index] = ActivationError.after(conv.activation(), sum, error, propagation);
          }
        }
      }
    }
    return new Result(new TensorSpec(out, layout), values, bounds);
  }
}
