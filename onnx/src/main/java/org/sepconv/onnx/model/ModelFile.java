package org.sepconv.onnx.model;

import java.util.List;
import java.util.Map;

/**
 * What a model file says.
 *
 * @param opset of ONNX's own operators
 * @param inputs those that are not given by the file itself
 * @param constants by the names of their values
 * @param nodes each after those whose outputs it takes
 */
public record ModelFile(
    String name,
    String producer,
    int opset,
    Map<String, String> metadata,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs,
    Map<String, Tensor> constants,
    List<Node> nodes) {
  public ModelFile {
    metadata = Map.copyOf(metadata);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    constants = Map.copyOf(constants);
    nodes = List.copyOf(nodes);
  }

  /** The same with other nodes and constants. */
  public ModelFile with(Map<String, Tensor> otherConstants, List<Node> otherNodes) {
    return new ModelFile(
        name, producer, opset, metadata, inputs, outputs, otherConstants, otherNodes);
  }

  /** What the values of an input or output are. */
  public enum Numbers {
    REAL,
    /** Whole, of 8 bits. */
    BYTES,
    WHOLE
  }

  /**
   * An input or output.
   *
   * @param dimensions as the file has them: a number, a name, or {@code ?}; empty also where the
   *     file does not say
   * @param numbers what its values are
   */
  public record ValueInfo(String name, List<String> dimensions, boolean ranked, Numbers numbers) {
    public ValueInfo {
      dimensions = List.copyOf(dimensions);
    }
  }
}
