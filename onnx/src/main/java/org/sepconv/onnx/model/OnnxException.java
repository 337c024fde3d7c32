package org.sepconv.onnx.model;

/**
 * What is wrong with an ONNX model, or not supported of it: the one exception that a model's
 * content can end in. Its message names the place.
 */
public final class OnnxException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public OnnxException(String message) {
    super(message);
  }

  public OnnxException(String message, Throwable cause) {
    super(message, cause);
  }
}
