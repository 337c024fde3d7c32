package org.sepconv.spi;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.ElementType;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.TensorSpec;

/**
 * The words that a backend knows: it is never asked about a problem with another one. What {@code
 * core} learns later is not in the vocabulary of a backend that was compiled before, so that it
 * answers no instead of failing in a switch that was complete when it was written.
 *
 * @param operations classes of operations
 * @param inputs of convolutions, by their names: {@code source}, {@code residual}
 * @param activations classes of activations that the operations may apply
 */
public record Vocabulary(
    Set<Class<? extends Operation>> operations,
    Set<String> inputs,
    Set<Class<? extends Activation>> activations,
    Set<Layout> layouts,
    Set<ElementType> types) {

  /** What every backend knows. Fixed: it never grows. */
  public static final Vocabulary FIRST =
      new Vocabulary(
          Set.of(Conv2d.class, SeparableConv2d.class),
          Set.of("source", "residual"),
          Set.of(
              Activation.None.class,
              Activation.Relu.class,
              Activation.Relu6.class,
              Activation.HardSwish.class,
              Activation.Silu.class,
              Activation.LeakyRelu.class,
              Activation.Clamp.class),
          Set.of(Layout.NCHW, Layout.NHWC),
          Set.of(ElementType.FLOAT32));

  public Vocabulary {
    operations = Set.copyOf(operations);
    inputs = Set.copyOf(inputs);
    activations = Set.copyOf(activations);
    layouts = Set.copyOf(layouts);
    types = Set.copyOf(types);
  }

  /** The same with more operations. */
  public Vocabulary with(List<Class<? extends Operation>> more) {
    Set<Class<? extends Operation>> all = new HashSet<>(operations);
    all.addAll(more);
    return new Vocabulary(all, inputs, activations, layouts, types);
  }

  /** The same with these inputs of convolutions in place of its own. */
  public Vocabulary withInputs(Set<String> names) {
    return new Vocabulary(operations, names, activations, layouts, types);
  }

  /** The same with more activations. */
  public Vocabulary withMoreActivations(List<Class<? extends Activation>> more) {
    Set<Class<? extends Activation>> all = new HashSet<>(activations);
    all.addAll(more);
    return withActivations(all);
  }

  /** The same with these activations in place of its own. */
  public Vocabulary withActivations(Set<Class<? extends Activation>> functions) {
    return new Vocabulary(operations, inputs, functions, layouts, types);
  }

  /** The same with these layouts in place of its own. */
  public Vocabulary withLayouts(Set<Layout> orders) {
    return new Vocabulary(operations, inputs, activations, orders, types);
  }

  /** The same with these element types in place of its own. */
  public Vocabulary withTypes(Set<ElementType> elements) {
    return new Vocabulary(operations, inputs, activations, layouts, elements);
  }

  /** Why a problem cannot be said in these words; empty if it can. */
  Optional<String> refusal(Problem problem) {
    if (!operations.contains(problem.operation().getClass())) {
      return Optional.of("the backend does not know the operation " + problem.operation());
    }
    if (problem.operation() instanceof Convolution convolution) {
      for (int i = 0; i < convolution.inputCount(); i++) {
        if (!inputs.contains(convolution.inputName(i))) {
          return Optional.of("the backend does not know the input " + convolution.inputName(i));
        }
      }
    }
    for (Activation activation : problem.operation().activations()) {
      if (!activations.contains(activation.getClass())) {
        return Optional.of("the backend does not know the activation " + activation);
      }
    }
    for (TensorSpec spec : problem.tensors()) {
      if (!types.contains(spec.type())) {
        return Optional.of("the backend does not know values of type " + spec.type());
      }
      if (!layouts.contains(spec.layout())) {
        return Optional.of("the backend does not know the layout " + spec.layout());
      }
    }
    return Optional.empty();
  }
}
