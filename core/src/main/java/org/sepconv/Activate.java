package org.sepconv;

import java.util.List;
import java.util.Objects;

/** An activation alone, where no operation before it applies it; with none it is the identity. */
public record Activate(Activation activation) implements Elementwise {
  public Activate {
    Objects.requireNonNull(activation, "activation");
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(Inputs.only(this, inputs));
  }

  @Override
  public List<Activation> activations() {
    return List.of(activation);
  }

  /** {@code relu6}. */
  @Override
  public String toString() {
    return activation.toString();
  }
}
