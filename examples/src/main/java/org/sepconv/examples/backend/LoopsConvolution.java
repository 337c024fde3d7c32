package org.sepconv.examples.backend;

import java.util.Optional;
import org.sepconv.*;
import org.sepconv.spi.*;

/** Sums every output value on its own, over those taps of the filter that meet the input. */
final class LoopsConvolution extends Prepared {
  private final Conv2d conv = (Conv2d) problem().operation();
  private final ConvGeometry geometry = conv.geometry(problem().source().shape());
  private final float[] filter;
  private final float[] bias;

  LoopsConvolution(ConvBackend backend, Problem problem, float[] filter, float[] bias) {
    super(backend, problem);
    this.filter = filter;
    this.bias = bias;
  }

  @Override
  public String kernel() {
    return "f32-loops";
  }

  @Override
  protected Optional<Prepared> adapted(Problem other, Weights weights) {
    return Optional.of(new LoopsConvolution(backend(), other, filter, bias));
  }

  @Override
  protected Execution execution() {
    return new Execution() {
      @Override
      protected void start(Tensor[] inputs, Tensor[] outputs) {
        convolve(values(inputs[0]), values(inputs[inputs.length - 1]), values(outputs[0]));
      }
    };
  }

  private static float[] values(Tensor tensor) {
    return ((HostTensor) tensor).values();
  }

  /** {@code last} is the residual; the source once more, and not read, where none is added. */
  private void convolve(float[] in, float[] last, float[] out) {
    Shape shape = geometry.output();
    for (int n = 0; n < shape.n(); n++) {
      for (int o = 0; o < shape.c(); o++) {
        for (int y = 0; y < shape.h(); y++) {
          for (int x = 0; x < shape.w(); x++) {
            int index = problem().destination().layout().index(shape, n, o, y, x);
            float sum = bias[o] + sum(in, n, o, y, x) + (conv.residual() ? last[index] : 0);
            out[index] = (float) conv.activation().apply(sum);
          }
        }
      }
    }
  }

  private float sum(float[] in, int n, int o, int y, int x) {
    TensorSpec source = problem().source();
    int firstChannel = o / conv.outputsPerGroup() * conv.channelsPerGroup();
    float sum = 0;
    for (int c = 0; c < conv.channelsPerGroup(); c++) {
      for (int i = geometry.firstTapRow(y); i < geometry.endTapRow(y); i++) {
        int row = geometry.inputRow(y) + i * conv.dilationH();
        int weight = ((o * conv.channelsPerGroup() + c) * conv.kernelH() + i) * conv.kernelW();
        for (int j = geometry.firstTapColumn(x); j < geometry.endTapColumn(x); j++) {
          int column = geometry.inputColumn(x) + j * conv.dilationW();
          int pixel = source.layout().index(source.shape(), n, firstChannel + c, row, column);
          sum += filter[weight + j] * in[pixel];
        }
      }
    }
    return sum;
  }

  @Override
  protected void release() {}
}
