package org.sepconv.onnx.lower;

/** Thrown while a node is lowered, and collected: all of them are reported at once. */
final class UnsupportedNode extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnsupportedNode(String message) {
    super(message);
  }
}
