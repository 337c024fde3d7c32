package org.sepconv.onnx.model;

import java.util.List;

/**
 * A node of an ONNX graph.
 *
 * @param name for messages; may be empty
 * @param domain empty for ONNX's own operators
 * @param inputs names of values, empty where an optional one is left out
 * @param outputs the same
 */
public record Node(
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Attributes attributes) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** Whether there is such an input. */
  public boolean hasInput(int index) {
    return index < inputs.size() && !inputs.get(index).isEmpty();
  }

  /** Whether there is such an output. */
  public boolean hasOutput(int index) {
    return index < outputs.size() && !outputs.get(index).isEmpty();
  }

  /** {@code Conv conv1}, or with the name of its output where it has none of its own. */
  @Override
  public String toString() {
    String called = name.isEmpty() && !outputs.isEmpty() ? outputs.getFirst() : name;
    return (domain.isEmpty() ? operator : domain + "." + operator) + " " + called;
  }
}
