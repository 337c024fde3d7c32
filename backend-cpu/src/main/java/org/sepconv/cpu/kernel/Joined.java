package org.sepconv.cpu.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

/** Two nodes of a graph, of which the first is for the second alone: for one kernel. */
public sealed interface Joined {

  /** Which inputs of the graph are what. */
  Operands operands();

  /** An inverted residual: a pointwise convolution that widens, and a separable one behind it. */
  record Expanded(Graph.Node first, Graph.Node last, Operands operands) implements Joined {
    public Conv2d expansion() {
      return (Conv2d) first.operation();
    }

    public SeparableConv2d separable() {
      return (SeparableConv2d) last.operation();
    }
  }

  /** A product with one factor for each channel, as squeeze-and-excite has it, then pointwise. */
  record Gated(Graph.Node last, Operands operands) implements Joined {
    public Conv2d pointwise() {
      return (Conv2d) last.operation();
    }
  }

  /** What a graph joins; empty if nothing of this kind. */
  static Optional<Joined> of(Graph graph, Problem problem) {
    if (graph.nodes().size() != 2
        || !graph.constants().isEmpty()
        || !graph.outputs().equals(List.of(graph.nodes().getLast().name()))) {
      return Optional.empty();
    }
    Graph.Node first = graph.nodes().getFirst();
    Graph.Node last = graph.nodes().getLast();
    if (last.inputs().indexOf(first.name()) != 0 || last.inputs().lastIndexOf(first.name()) != 0) {
      return Optional.empty();
    }
    OptionalInt residual =
        last.inputs().size() > 1
            ? OptionalInt.of(input(graph, last.inputs().get(1)))
            : OptionalInt.empty();
    int source = input(graph, first.inputs().getFirst());
    if (first.operation() instanceof Conv2d expansion
        && isPlain(expansion)
        && !expansion.residual()
        && last.operation() instanceof SeparableConv2d) {
      Operands operands = new Operands(source, residual, OptionalInt.empty());
      return Optional.of(new Expanded(first, last, operands));
    }
    if (first.operation().equals(new Binary(Binary.Function.MULTIPLY))
        && last.operation() instanceof Conv2d pointwise
        && isPlain(pointwise)) {
      int second = input(graph, first.inputs().get(1));
      return operands(problem, source, second, residual).map(all -> new Gated(last, all));
    }
    return Optional.empty();
  }

  private static int input(Graph graph, String name) {
    return graph.inputs().stream().map(Graph.Input::name).toList().indexOf(name);
  }

  private static boolean isPlain(Conv2d conv) {
    return conv.kind() == KernelKind.POINTWISE
        && conv.strideH() == 1
        && conv.strideW() == 1
        && conv.padding().resolve(1, 1, 1, 1, 1, 1).equals(Padding.valid());
  }

  /** Whichever factor has a value for each channel is the gate. */
  private static Optional<Operands> operands(Problem problem, int a, int b, OptionalInt residual) {
    if (isGate(problem, b, a)) {
      return Optional.of(new Operands(a, residual, OptionalInt.of(b)));
    }
    return isGate(problem, a, b)
        ? Optional.of(new Operands(b, residual, OptionalInt.of(a)))
        : Optional.empty();
  }

  private static boolean isGate(Problem problem, int gate, int source) {
    Shape map = problem.inputs().get(source).shape();
    return problem.inputs().get(gate).shape().equals(new Shape(map.n(), map.c(), 1, 1));
  }
}
