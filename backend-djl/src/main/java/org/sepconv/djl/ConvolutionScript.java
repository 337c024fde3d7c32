package org.sepconv.djl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.ConvGeometry;
import org.sepconv.Layout;

/**
 * One or more convolutions, one after the other, as TorchScript source, with every number a
 * literal:
 *
 * <pre>
 *   def forward(self, x, w0, b0, w1, r):   the filters, packed, the biases and the residual that there are
 *     x = ops.mkldnn._convolution_pointwise(x, w0, b0, [1, 1], [1, 1], [1, 1], 64, "none", [], "")
 *     x = torch.relu_(x)
 *     x = ops.mkldnn._convolution_pointwise(x, w1, None, ...)
 *     x = torch.add_(x, r)
 *     return torch.contiguous(x, memory_format=2)
 *   def pack0(self, w):                 a filter into the order that the convolution wants
 * </pre>
 *
 * <p>Packed filters save the engine from reordering them in every run, and an activation in place
 * saves a tensor: separable 56x56x64 in 272 instead of 390 us, 14x14x512 in 610 instead of 711 (one
 * thread, NHWC, ReLU, against the engine's operators called one by one).
 *
 * <p>oneDNN could apply the activation as well, for another 10 % at 56x56 and nothing at 14x14. But
 * its ReLU and its clamp turn NaN into a number, and looking for NaN in the input first costs what
 * is saved.
 */
final class ConvolutionScript {
  private ConvolutionScript() {}

  /**
   * The source of all methods.
   *
   * @param stages the convolutions, each with the geometry that the one before gives
   * @param kernels of each stage
   * @param source the layout of the input
   * @param destination the layout of the output
   */
  static String of(
      List<ConvGeometry> stages, List<Kernels> kernels, Layout source, Layout destination) {
    Layout inside = ScriptWriter.inside(source, destination);
    ScriptWriter script = new ScriptWriter(inside);
    List<String> parameters = new ArrayList<>(List.of("self: " + ScriptArchive.SELF, "x: Tensor"));
    for (int i = 0; i < stages.size(); i++) {
      parameters.add("w" + i + ": Tensor");
      if (stages.get(i).conv().bias()) {
        parameters.add("b" + i + ": Tensor");
      }
    }
    if (stages.getLast().conv().residual()) {
      parameters.add("r: Tensor");
    }
    script.begin(parameters);
    if (source != inside) {
      script.arrange("x", "x", inside);
    }
    for (int i = 0; i < stages.size(); i++) {
      Optional<String> residual =
          stages.get(i).conv().residual() ? Optional.of("r") : Optional.empty();
      script.convolve("x", "x", i, stages.get(i), kernels.get(i), residual);
    }
    // Does nothing where the engine kept to the format, which it nearly always does.
    script.arrange("x", "x", destination);
    return script.end("x");
  }
}
