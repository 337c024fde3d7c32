package org.sepconv.onnx.model;

/** Nodes that stand for several of a model's. */
public final class Fused {
  /** Their domain, which no file may use. */
  public static final String DOMAIN = "org.sepconv";

  private Fused() {}
}
