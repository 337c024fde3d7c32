package org.sepconv.opencl.kernel;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One kernel of a plan.
 *
 * @param key the program
 * @param function the kernel's name in it
 * @param arguments in the kernel's order
 * @param groups work-groups in each of up to three dimensions
 * @param groupSize work-items of a group in each dimension
 */
public record Launch(
    ProgramKey key, String function, List<Argument> arguments, long[] groups, long[] groupSize) {

  public Launch {
    arguments = List.copyOf(arguments);
  }

  /** The same kernel on other arguments. */
  Launch with(UnaryOperator<Argument> change) {
    return new Launch(key, function, arguments.stream().map(change).toList(), groups, groupSize);
  }

  /** Work-items in each dimension. */
  public long[] items() {
    long[] items = new long[groups.length];
    for (int i = 0; i < items.length; i++) {
      items[i] = groups[i] * groupSize[i];
    }
    return items;
  }
}
