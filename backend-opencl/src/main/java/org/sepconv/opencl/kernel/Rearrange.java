package org.sepconv.opencl.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Axis;
import org.sepconv.Concat;
import org.sepconv.Pad;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reshape;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/**
 * Plans rearrange.cl: copies in which each step along a dimension of the output leads as far in the
 * input, whatever the places in the other dimensions. So are all rearrangements but {@link
 * Reshape}, and each input of {@link Concat}.
 */
final class Rearrange {

  /** In a table: the input has no such place. */
  private static final int FILL = Integer.MIN_VALUE;

  private Rearrange() {}

  /**
   * Adds launches, one for each input.
   *
   * @return the kernel's id
   */
  static String add(PlanDraft plan, KernelFamily family, Rearrangement operation, Problem problem) {
    String id = "";
    int[] begin = new int[4];
    for (int input = 0; input < problem.inputs().size(); input++) {
      Shape part = problem.destination().shape();
      if (operation instanceof Concat(Axis axis, _)) {
        int length = axis.size(problem.inputs().get(input).shape());
        part = axis.with(part, length);
        id = new Copy(plan, family, operation, problem, input, part, begin.clone()).add();
        begin[axis.ordinal()] += length;
      } else {
        id = new Copy(plan, family, operation, problem, input, part, begin).add();
      }
    }
    return id;
  }

  /**
   * A copy of one input to a part of the output.
   *
   * @param begin where the part begins: N, C, H, W
   */
  private record Copy(
      PlanDraft plan,
      KernelFamily family,
      Rearrangement operation,
      Problem problem,
      int input,
      Shape part,
      int[] begin) {

    private String add() {
      TensorSpec output = problem.destination();
      List<Axis> axes = Walk.axes(output.layout());
      int[] origin = begin.clone();
      if (operation instanceof Pad pad) {
        origin[Axis.HEIGHT.ordinal()] = pad.sides().top(); // a place that the input has
        origin[Axis.WIDTH.ordinal()] = pad.sides().left();
      }
      int base = offset(origin);
      int[] sizes = axes.stream().mapToInt(axis -> axis.size(part)).toArray();
      int[] table = new int[sizes[0] + sizes[1] + sizes[2] + sizes[3]];
      int next = 0;
      boolean dense = true;
      for (int i = 0; i < axes.size(); i++) {
        int axis = axes.get(i).ordinal();
        for (int step = 0; step < sizes[i]; step++, next++) {
          int[] place = origin.clone();
          place[axis] = begin[axis] + step;
          int offset = offset(place);
          table[next] = offset == FILL ? FILL : offset - base;
          dense &= i < 3 || table[next] == step;
        }
      }
      Work wide = family.work(sizes[0] * sizes[1] * sizes[2], sizes[3]);
      Work work = dense ? wide : wide.scalar();
      Map<String, String> constants = new HashMap<>();
      if (dense) {
        constants.put("DENSE", "");
      }
      int first = 0;
      for (Axis axis : Axis.values()) {
        first += begin[axis.ordinal()] * Walk.stride(output, axis);
      }
      ArgumentList arguments =
          new ArgumentList()
              .add(new Argument.Input(input), plan.constant(table), new Argument.Destination())
              .add(new Argument.Float(operation.fill()))
              .ints(work.arguments())
              .ints(sizes[0], sizes[1], sizes[2], base, first)
              .ints(axes.stream().limit(3).mapToInt(axis -> Walk.stride(output, axis)).toArray());
      plan.launch(work.launch("rearrange", "rearrange", constants, arguments));
      return "f32-rearrange%s-%s".formatted(dense ? "-dense" : "", work.name(family.name()));
    }

    /** Where the value of a place of the output lies in the input, or {@link #FILL}. */
    private int offset(int[] place) {
      List<Shape> shapes = Problem.shapes(problem.inputs());
      int[] from = place.clone();
      if (operation.source(shapes, problem.destination().shape(), from) == Rearrangement.FILLED) {
        return FILL;
      }
      TensorSpec source = problem.inputs().get(input);
      return source.layout().index(source.shape(), from[0], from[1], from[2], from[3]);
    }
  }
}
