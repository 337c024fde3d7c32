package org.sepconv.spark;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.onnx.OnnxNetwork;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.Preprocessing;
import org.sepconv.vision.Preset;

/** What pictures give without Spark: one after the other, on all processors, without batches. */
final class OneMachine {
  private OneMachine() {}

  /**
   * All outputs of each picture, one after the other.
   *
   * @param sizes of the input
   */
  static List<float[]> outputs(byte[] onnx, List<Integer> sizes, Preset preset, List<byte[]> files)
      throws Exception {
    OnnxNetwork network = OnnxModel.read(onnx).network(List.of(sizes));
    Preprocessing preprocessing = preset.preprocessing("the model", List.of(sizes));
    Problem problem =
        Problem.of(
            network.graph(),
            List.of(new TensorSpec(network.inputs().getFirst().shape(), Layout.NCHW)));
    List<float[]> all = new ArrayList<>();
    try (Backends backends = Backends.discover(BackendOptions.defaults());
        Prepared prepared = backends.backend("cpu").prepare(problem, network.weights());
        OwningRun run = OwningRun.of(prepared)) {
      for (byte[] file : files) {
        run.inputs()
            .getFirst()
            .write(preprocessing.tensor(PictureDecoder.standard().decode(file, "")).values());
        run.run();
        List<float[]> parts = run.outputs().stream().map(output -> output.read()).toList();
        float[] values = new float[parts.stream().mapToInt(part -> part.length).sum()];
        int filled = 0;
        for (float[] part : parts) {
          System.arraycopy(part, 0, values, filled, part.length);
          filled += part.length;
        }
        all.add(values);
      }
    }
    return all;
  }
}
