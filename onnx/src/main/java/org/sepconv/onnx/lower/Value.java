package org.sepconv.onnx.lower;

import org.sepconv.onnx.model.Tensor;

/** A value of an ONNX graph while it is lowered, for one size of the inputs. */
sealed interface Value permits Value.Known, Running, Value.Unsupported {

  /** Known before a run. */
  record Known(Tensor tensor) implements Value {}

  /** Of a node that could not be lowered, which is reported; what takes it is not to blame. */
  record Unsupported() implements Value {}
}
