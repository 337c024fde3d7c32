package org.sepconv.opencl.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sepconv.Activation;
import org.sepconv.TensorSpec;

/** Plans arithmetic.cl: functions of each value of one to three tensors, with broadcasting. */
final class Arithmetic {

  /** x * y + z. */
  static final String AFFINE = "AFFINE";

  /** (x + y) * z. */
  static final String SCALED_SUM = "SCALED_SUM";

  /** The exponential of x - y. */
  static final String SHIFTED_EXPONENTIAL = "SHIFTED_EXPONENTIAL";

  private static final String[] NAMES = {"A", "B", "C"};

  private Arithmetic() {}

  /** A tensor that it takes. */
  record Input(Argument values, TensorSpec spec) {}

  /** A copy, whatever lies between as an activation. */
  static String activate(
      PlanDraft plan,
      KernelFamily family,
      Activation activation,
      Input input,
      Argument destination,
      TensorSpec output) {
    Epilogue epilogue = Epilogue.of(activation);
    return add(plan, family, "ACTIVATE", epilogue, List.of(input), destination, output);
  }

  /** How many times {@code step} is in each value: a whole number of the range. */
  static String steps(
      PlanDraft plan,
      KernelFamily family,
      Activation.Clamp range,
      Input input,
      Input step,
      Argument destination,
      TensorSpec output) {
    Epilogue epilogue = Epilogue.of(range);
    return add(plan, family, "STEPS", epilogue, List.of(input, step), destination, output);
  }

  /**
   * Adds a launch.
   *
   * @param function as in arithmetic.cl
   * @return the kernel's id
   */
  static String apply(
      PlanDraft plan,
      KernelFamily family,
      String function,
      List<Input> inputs,
      Argument destination,
      TensorSpec output) {
    Epilogue none = Epilogue.of(Activation.NONE);
    return add(plan, family, function, none, inputs, destination, output);
  }

  private static String add(
      PlanDraft plan,
      KernelFamily family,
      String function,
      Epilogue epilogue,
      List<Input> inputs,
      Argument destination,
      TensorSpec output) {
    Walk walk = Walk.over(output, inputs.stream().map(Input::spec).toList());
    Work wide = family.work(walk.lines(), walk.length());
    boolean vectors = wide.width() > 1 && hasVectors(walk);
    Work work = vectors ? wide : wide.scalar();
    Map<String, String> constants = new HashMap<>(Epilogue.constants(false, epilogue));
    constants.put("FUNCTION", function);
    constants.put("INPUTS", "" + inputs.size());
    ArgumentList arguments = new ArgumentList();
    for (int i = 0; i < inputs.size(); i++) {
      arguments.add(inputs.get(i).values);
      if (vectors) {
        constants.put((walk.isDense(i) ? "DENSE_" : "ONE_") + NAMES[i], "");
      }
    }
    arguments
        .add(destination)
        .epilogue(epilogue)
        .ints(work.arguments())
        .ints(walk.sizes()[1], walk.sizes()[2]);
    walk.strides().forEach(arguments::ints);
    plan.launch(work.launch("arithmetic", "arithmetic", constants, arguments));
    String name = function.toLowerCase(Locale.ROOT).replace('_', '-');
    return "f32-%s-%s".formatted(name, work.name(family.name()));
  }

  /** Whether the values of a line are neighbours in the first tensor, and in the others or one. */
  private static boolean hasVectors(Walk walk) {
    boolean all = walk.isDense(0);
    for (int i = 1; i < walk.strides().size(); i++) {
      all &= walk.isDense(i) || walk.strides().get(i)[3] == 0;
    }
    return all;
  }
}
