package org.sepconv.opencl.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sepconv.Axis;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/**
 * Plans reduction.cl: sums, means and maxima over dimensions. Long ones with few results are made
 * in two launches, so that there is work for all of the device: of parts, then of these.
 */
final class Reduction {

  /** Values that a part has at least: what a second launch costs is worth it. */
  private static final int SHORTEST_PART = 64;

  private Reduction() {}

  /**
   * Adds one launch or two.
   *
   * @param output 1 long along the axes, in any layout
   * @return the kernel's id
   */
  static String add(
      PlanDraft plan,
      KernelFamily family,
      Reduce reduce,
      Argument source,
      TensorSpec input,
      Argument destination,
      TensorSpec output) {
    Walk results = Walk.over(output, List.of(input));
    Walk values = values(input, reduce.axes());
    int count = reduce.valuesPerOutput(input.shape());
    float divisor = reduce.function() == Reduce.Function.MEAN ? count : 1;
    int parts = parts(family, results, values);
    Kernel kernel = new Kernel(plan, family, reduce.function());
    if (parts == 1) {
      return kernel.launch(source, destination, divisor, results, values, values.length());
    }
    int depth = Math.ceilDiv(values.length(), parts);
    parts = Math.ceilDiv(values.length(), depth);
    int elements = output.shape().elements();
    Argument between = plan.scratch((long) Float.BYTES * parts * elements);
    int step = values.strides().getFirst()[3];
    Walk first = parted(results, parts, depth * step);
    String id = kernel.launch(source, between, 1, first, values, depth);
    Walk rest = new Walk(new int[] {1, 1, 1, elements}, List.of(new int[] {0, 0, 0, 1}));
    Walk all = new Walk(new int[] {1, 1, 1, parts}, List.of(new int[] {0, 0, 0, elements}));
    return id + " + " + kernel.launch(between, destination, divisor, rest, all, parts);
  }

  /** In how many parts the values are divided; 1 where they lie in more than one dimension. */
  private static int parts(KernelFamily family, Walk results, Walk values) {
    if (results.sizes()[0] > 1 || values.lines() > 1) {
      return 1;
    }
    long items = family.work(results.lines(), results.length()).items();
    long wanted = Math.min(values.length() / SHORTEST_PART, family.busyItems() / items);
    return (int) Math.max(1, wanted);
  }

  private static Walk parted(Walk results, int parts, int apart) {
    int[] sizes = results.sizes().clone();
    int[] strides = results.strides().getFirst().clone();
    sizes[0] = parts;
    strides[0] = apart;
    return new Walk(sizes, List.of(strides));
  }

  /** The dimensions that go, in the order of the input. */
  private static Walk values(TensorSpec input, Set<Axis> axes) {
    Shape shape = input.shape();
    for (Axis axis : Axis.values()) {
      shape = axes.contains(axis) ? shape : axis.with(shape, 1);
    }
    return Walk.over(shape, input.layout(), List.of(input));
  }

  /** A function in a plan. */
  private record Kernel(PlanDraft plan, KernelFamily family, Reduce.Function function) {
    private String launch(
        Argument source,
        Argument destination,
        float divisor,
        Walk results,
        Walk values,
        int depth) {
      Work wide = family.work(results.lines(), results.length());
      Work work = results.isDense(0) ? wide : wide.scalar();
      Map<String, String> constants = new HashMap<>();
      constants.put("FUNCTION", function == Reduce.Function.MAX ? "MAX" : "SUM");
      if (results.isDense(0)) {
        constants.put("DENSE", "");
      }
      int[] sizes = values.sizes();
      ArgumentList arguments =
          new ArgumentList()
              .add(source, destination, new Argument.Float(divisor))
              .ints(work.arguments())
              .ints(results.sizes()[1], results.sizes()[2])
              .ints(results.strides().getFirst())
              .ints(sizes[0], sizes[1], sizes[2], depth, sizes[3])
              .ints(values.strides().getFirst());
      plan.launch(work.launch("reduction", "reduction", constants, arguments));
      String name = function.name().toLowerCase(Locale.ROOT);
      return "f32-%s-%s".formatted(name, work.name(family.name()));
    }
  }
}
