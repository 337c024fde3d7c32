package org.sepconv.spi;

import org.sepconv.Convolution;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;

/** Checks of what a {@link Prepared} is given to run on. */
final class ArgumentChecks {
  private final ConvBackend backend;
  private final Problem problem;

  ArgumentChecks(ConvBackend backend, Problem problem) {
    this.backend = backend;
    this.problem = problem;
  }

  /** For the conveniences on one output: as many inputs as there are arguments. */
  void checkConvenience(int given) {
    Operation operation = problem.operation();
    if (given == operation.inputCount() && problem.outputs().size() == 1) {
      return;
    }
    if (operation instanceof Convolution convolution) {
      throw new IllegalArgumentException(
          convolution.residual()
              ? "%s adds a residual, but none was given; it is the argument after the input"
                  .formatted(convolution)
              : "a residual was given, but %s adds none; leave it out, or describe the convolution with residual()"
                  .formatted(convolution));
    }
    throw new IllegalArgumentException(
        "%s takes %d inputs and gives %d outputs, not %d and 1: bind() takes any number"
            .formatted(operation, operation.inputCount(), problem.outputs().size(), given));
  }

  void checkCount(String what, int given, int due) {
    if (given != due) {
      throw new IllegalArgumentException(
          "%d %s were given, but %s has %d".formatted(given, what, problem.operation(), due));
    }
  }

  /** Only for messages: a name may have to be put together, which no run may pay for. */
  private String name(boolean input, int index) {
    if (input) {
      return problem.operation().inputName(index);
    }
    return problem.outputs().size() == 1 ? "destination" : "output " + index;
  }

  /** That the tensors are this backend's, and look as they must. */
  void checkTensors(Binding binding) {
    for (int i = 0; i < binding.inputs.length; i++) {
      check(true, i, binding.inputs[i], problem.inputs().get(i));
    }
    for (int i = 0; i < binding.outputs.length; i++) {
      check(false, i, binding.outputs[i], problem.outputs().get(i));
    }
    checkAliases(binding.inputs, binding.outputs, "tensor");
  }

  private void check(boolean input, int index, Tensor tensor, TensorSpec expected) {
    if (tensor == null) {
      throw new NullPointerException(name(input, index));
    }
    if (tensor.backend() != backend) {
      throw new IllegalArgumentException(
          "the %s belongs to another backend (%s), but this operation runs on %s; read() it there and write() it here"
              .formatted(
                  name(input, index), tensor.backend().device().id(), backend.device().id()));
    }
    if (!tensor.spec().equals(expected)) {
      throw new IllegalArgumentException(
          "the %s is %s, but the operation was prepared for %s"
              .formatted(name(input, index), tensor.spec(), expected));
    }
  }

  /** That the arrays are as long as they must be. */
  void checkArrays(Binding binding) {
    for (int i = 0; i < binding.hostInputs.length; i++) {
      check(true, i, binding.hostInputs[i], problem.inputs().get(i));
    }
    for (int i = 0; i < binding.hostOutputs.length; i++) {
      check(false, i, binding.hostOutputs[i], problem.outputs().get(i));
    }
    checkAliases(binding.hostInputs, binding.hostOutputs, "array");
  }

  private void check(boolean input, int index, float[] values, TensorSpec expected) {
    if (values == null) {
      throw new NullPointerException(name(input, index) + " values");
    }
    if (values.length != expected.shape().elements()) {
      expected.shape().checkLength(name(input, index) + " values", values.length);
    }
  }

  private void checkAliases(Object[] inputs, Object[] outputs, String what) {
    for (int i = 0; i < outputs.length; i++) {
      for (int j = 0; j < inputs.length; j++) {
        if (outputs[i] == inputs[j] && !problem.mayReplace(j)) {
          throw new IllegalArgumentException(
              "%s and %s are the same %s; %s cannot run in place"
                  .formatted(
                      name(true, j),
                      name(false, i),
                      what,
                      problem.operation() instanceof Convolution ? "a convolution" : "this"));
        }
      }
      for (int j = 0; j < i; j++) {
        if (outputs[i] == outputs[j]) {
          throw new IllegalArgumentException(
              "%s and %s are the same %s".formatted(name(false, j), name(false, i), what));
        }
      }
    }
  }
}
