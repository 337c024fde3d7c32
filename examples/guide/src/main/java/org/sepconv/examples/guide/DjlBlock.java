package org.sepconv.examples.guide;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;

/** The block in the Deep Java Library. */
public final class DjlBlock {
  private DjlBlock() {}

  public static void main(String[] args) {
    Conv2d depthwise =
        Conv2d.builder()
            .setKernelShape(new Shape(3, 3))
            .setFilters(10)
            .optGroups(10)
            .optPadding(new Shape(1, 1))
            .optBias(false)
            .build();
    Conv2d pointwise =
        Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(32).optBias(false).build();
    SequentialBlock block = new SequentialBlock().add(depthwise).add(pointwise);
    Shape shape = new Shape(1, 10, 112, 112);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      block.initialize(manager, DataType.FLOAT32, shape);
      NDArray depthwiseFilter = depthwise.getParameters().get("weight").getArray();
      NDArray pointwiseFilter = pointwise.getParameters().get("weight").getArray();
      depthwiseFilter.set(Values.depthwise());
      pointwiseFilter.set(Values.pointwise());
      NDList image = new NDList(manager.create(Values.image(), shape));
      NDList result = block.forward(new ParameterStore(manager, false), image, false);
      Values.print(result.singletonOrThrow().toFloatArray());
    }
  }
}
