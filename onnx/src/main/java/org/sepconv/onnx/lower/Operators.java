package org.sepconv.onnx.lower;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.sepconv.onnx.model.Fused;
import org.sepconv.onnx.model.Node;

/** The operators that can be lowered, by their names. */
final class Operators {
  /** Adds to a graph what a node computes. */
  interface Operator {
    void lower(Scope scope);
  }

  private static final Map<String, Operator> ALL = all();

  private Operators() {}

  private static Map<String, Operator> all() {
    Map<String, Operator> all = new HashMap<>();
    ConvolutionOperators.addTo(all);
    PoolOperators.addTo(all);
    ElementwiseOperators.addTo(all);
    CurveOperators.addTo(all);
    ArithmeticOperators.addTo(all);
    ReductionOperators.addTo(all);
    NormalizationOperators.addTo(all);
    MatrixOperators.addTo(all);
    ShapeOperators.addTo(all);
    PartOperators.addTo(all);
    PadOperators.addTo(all);
    ResizeOperators.addTo(all);
    QuantizationOperators.addTo(all);
    return Map.copyOf(all);
  }

  /** What lowers a node, if something does. */
  static Optional<Operator> of(Node node) {
    return node.domain().isEmpty() || node.domain().equals(Fused.DOMAIN)
        ? Optional.ofNullable(ALL.get(node.operator()))
        : Optional.empty();
  }
}
