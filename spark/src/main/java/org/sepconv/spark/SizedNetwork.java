package org.sepconv.spark;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.onnx.ModelDimension;
import org.sepconv.onnx.ModelValue;
import org.sepconv.onnx.NetworkValue;
import org.sepconv.onnx.OnnxModel;
import org.sepconv.onnx.OnnxNetwork;
import org.sepconv.vision.Classes;
import org.sepconv.vision.Preprocessing;

/**
 * A model for the batches of a job, checked: on the driver before the job starts, and on each
 * executor on the way to what runs.
 *
 * @param preprocessing of one picture, on the thread that asks for it
 */
record SizedNetwork(OnnxNetwork network, Preprocessing preprocessing) {

  /** Where height and width are in the dimensions of pictures, N x 3 x H x W and N x H x W x 3. */
  private static final int RANK = 4;

  /**
   * @throws IllegalArgumentException if the model does not take such pictures, or there are not as
   *     many labels as it gives classes
   * @throws org.sepconv.onnx.model.OnnxException if it is no model that is supported
   */
  static SizedNetwork of(byte[] model, NetworkSettings settings) {
    OnnxModel read = OnnxModel.read(model);
    List<List<Integer>> dimensions = new ArrayList<>();
    for (ModelValue input : read.inputs()) {
      dimensions.add(dimensions(input, settings));
    }
    String name = "the model" + (read.name().isBlank() ? "" : " " + read.name());
    Preprocessing preprocessing = settings.preset().preprocessing(name, dimensions).withThreads(1);
    SizedNetwork sized = new SizedNetwork(read.network(dimensions), preprocessing);
    for (NetworkValue output : sized.network.outputs()) {
      if (output.shape().elements() % settings.batchSize() != 0) {
        throw new IllegalArgumentException(
            "%s gives %s for a batch of %d, which are not values for each picture: set batchSize to 1"
                .formatted(name, output, settings.batchSize()));
      }
    }
    if (settings.topK() > 0) {
      new Classes(settings.labels(), settings.topK()).check(sized.classes(settings.batchSize()));
    }
    return sized;
  }

  private static List<Integer> dimensions(ModelValue input, NetworkSettings settings) {
    List<ModelDimension> given = input.dimensions();
    boolean channelsLast =
        given.size() == RANK && given.get(1).isFree() && given.get(3).text().equals("3");
    List<Integer> sizes = new ArrayList<>();
    for (int d = 0; d < given.size(); d++) {
      ModelDimension dimension = given.get(d);
      if (!dimension.isFree()) {
        int size = Integer.parseInt(dimension.text());
        if (d == 0 && size != settings.batchSize()) {
          throw new IllegalArgumentException(
              "batchSize is %d, but the model takes %s: set it to %d, or export the model with a free batch"
                  .formatted(settings.batchSize(), input, size));
        }
        sizes.add(size);
      } else if (d == 0) {
        sizes.add(settings.batchSize());
      } else if (d == 1 && !channelsLast) {
        sizes.add(3);
      } else {
        boolean row = d == (channelsLast ? 1 : 2);
        int size = row ? settings.height() : settings.width();
        if (size == 0) {
          throw new IllegalArgumentException(
              "the model takes %s, of a size that is free: say height x width with inputSize, 224x224 for instance"
                  .formatted(input));
        }
        sizes.add(size);
      }
    }
    return sizes;
  }

  /** The graph on tensors whose values lie in the order of the model's. */
  Problem problem() {
    return Problem.of(
        network.graph(),
        network.inputs().stream()
            .map(input -> new TensorSpec(input.shape(), Layout.NCHW))
            .toList());
  }

  private int classes(int batch) {
    return network.outputs().getFirst().shape().elements() / batch;
  }
}
