package org.sepconv.onnx;

import java.util.List;
import java.util.Objects;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;

/**
 * A model for inputs of certain dimensions: a graph that any backend takes. Immutable.
 *
 * @param inputs in the order of the graph's and the model's
 * @param outputs the same
 */
public record OnnxNetwork(
    Graph graph, GraphWeights weights, List<NetworkValue> inputs, List<NetworkValue> outputs) {
  public OnnxNetwork {
    Objects.requireNonNull(graph, "graph");
    Objects.requireNonNull(weights, "weights");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
