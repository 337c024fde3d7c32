package org.sepconv.onnx.model;

/** Nodes that stand for several of a model's, or for a part of one. */
public final class Fused {
  /** Their domain, which no file may use. */
  public static final String DOMAIN = "org.sepconv";

  /** Its first input less the second, if there is one: whole numbers as the real ones they are. */
  public static final String DIFFERENCE = "Difference";

  /**
   * Rounded to whole numbers, halves to even, between the attributes {@code min} and {@code max}.
   */
  public static final String ROUND_WITHIN = "RoundWithin";

  private Fused() {}
}
