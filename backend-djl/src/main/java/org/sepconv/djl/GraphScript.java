package org.sepconv.djl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sepconv.Activate;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.spi.Support;

/**
 * A whole graph as TorchScript source: a variable for each node, in channels last where the input
 * or the output has it.
 *
 * <pre>
 *   def forward(self, x, w0, b0, w1, ..., i1):     the first input, filters and biases, further inputs
 *     v0 = ops.mkldnn._convolution_pointwise(x, w0, b0, ...)
 *     v0 = torch.hardtanh_(v0, 0., 6.)
 *     v1 = ...
 *     v1 = torch.add_(v1, v0)                      in place, where nothing else needs the first
 *     return torch.contiguous(v9, memory_format=2)
 * </pre>
 */
final class GraphScript {
  private final Problem problem;
  private final Graph graph;
  private final List<Graph.Step> steps;
  private final List<ConvGeometry> convolutions = new ArrayList<>();

  /** The variable of each value. */
  private final Map<String, String> variables = new HashMap<>();

  /** Values that are in memory of their own, so that they may be replaced. */
  private final Set<String> own = new HashSet<>();

  private final Map<String, Integer> lastUse = new HashMap<>();

  GraphScript(Problem problem, Graph graph) {
    this.problem = problem;
    this.graph = graph;
    this.steps = graph.steps(problem);
    for (int i = 0; i < steps.size(); i++) {
      for (String source : steps.get(i).node().inputs()) {
        lastUse.put(source, i);
      }
      Shape input = steps.get(i).problem().source().shape();
      for (Conv2d conv : stages(steps.get(i))) {
        convolutions.add(conv.geometry(input));
        input = convolutions.getLast().output();
      }
    }
  }

  /** Whether a graph can be one module, or which part of it cannot. */
  static Support supports(Graph graph) {
    if (graph.outputs().size() > 1) {
      return new Support.No("a script of it would give one output, not all of them");
    }
    if (!graph.constants().isEmpty()) {
      return new Support.No("it has constants");
    }
    return graph.nodes().stream()
        .filter(node -> !knows(node))
        .findFirst()
        .<Support>map(node -> new Support.No("there is no script of " + node.operation()))
        .orElse(Support.YES);
  }

  private static boolean knows(Graph.Node node) {
    return switch (node.operation()) {
      case Conv2d _, SeparableConv2d _, Activate _ -> true;
      case Binary(Binary.Function function) ->
          switch (function) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE -> true;
            case POWER, MINIMUM, MAXIMUM, PRELU -> false;
          };
      case Reduce reduce -> reduce.function() == Reduce.Function.MEAN && reduce.ofPixels();
      case BatchNormalization _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          ResizeLinear _,
          Softmax _,
          SquareRoot _,
          TransposedConv2d _,
          Unary _ ->
          false;
    };
  }

  /** All convolutions, in the order of their filters, those of separable ones one by one. */
  List<ConvGeometry> convolutions() {
    return convolutions;
  }

  /** The weights of {@link #convolutions}. */
  List<ConvWeights> weights(GraphWeights weights) {
    List<ConvWeights> all = new ArrayList<>();
    for (Graph.Node node : graph.nodes()) {
      switch (node.operation()) {
        case Conv2d _ -> all.add((ConvWeights) weights.of(node));
        case SeparableConv2d _ -> {
          SeparableWeights both = (SeparableWeights) weights.of(node);
          all.add(both.depthwise());
          all.add(both.pointwise());
        }
        case Activate _,
            BatchNormalization _,
            Binary _,
            Graph _,
            MatrixProduct _,
            Pool2d _,
            Rearrangement _,
            Reduce _,
            ResizeLinear _,
            Softmax _,
            SquareRoot _,
            TransposedConv2d _,
            Unary _ -> {}
      }
    }
    return all;
  }

  private static List<Conv2d> stages(Graph.Step step) {
    return switch (step.node().operation()) {
      case Conv2d conv -> List.of(conv);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> List.of(depthwise, pointwise);
      case Activate _,
          BatchNormalization _,
          Binary _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          SquareRoot _,
          TransposedConv2d _,
          Unary _ ->
          List.of();
    };
  }

  /**
   * The source of all methods.
   *
   * @param kernels of each of the {@link #convolutions}
   */
  String source(List<Kernels> kernels) {
    Layout destination = problem.destination().layout();
    Layout inside = ScriptWriter.inside(problem.source().layout(), destination);
    ScriptWriter script = new ScriptWriter(inside);
    script.begin(parameters());
    for (int i = 0; i < problem.inputs().size(); i++) {
      if (problem.inputs().get(i).layout() != inside) {
        String input = variables.get(graph.inputs().get(i).name());
        script.arrange(input, input, inside);
      }
    }
    int next = 0;
    for (int i = 0; i < steps.size(); i++) {
      int count = stages(steps.get(i)).size();
      add(script, i, next, kernels.subList(next, next + count));
      next += count;
    }
    script.arrange("y", variables.get(graph.outputs().getFirst()), destination);
    return script.end("y");
  }

  private List<String> parameters() {
    List<String> parameters = new ArrayList<>(List.of("self: " + ScriptArchive.SELF, "x: Tensor"));
    variables.put(graph.inputs().getFirst().name(), "x");
    for (int i = 0; i < convolutions.size(); i++) {
      parameters.add("w" + i + ": Tensor");
      if (convolutions.get(i).conv().bias()) {
        parameters.add("b" + i + ": Tensor");
      }
    }
    for (int i = 1; i < graph.inputs().size(); i++) {
      parameters.add("i" + i + ": Tensor");
      variables.put(graph.inputs().get(i).name(), "i" + i);
    }
    return parameters;
  }

  private void add(ScriptWriter script, int index, int first, List<Kernels> kernels) {
    Graph.Node node = steps.get(index).node();
    List<String> inputs = node.inputs().stream().map(variables::get).toList();
    String value = "v" + index;
    switch (node.operation()) {
      case Conv2d conv -> {
        Optional<String> residual =
            conv.residual() ? Optional.of(inputs.getLast()) : Optional.empty();
        script.convolve(
            value, inputs.getFirst(), first, convolutions.get(first), kernels.getFirst(), residual);
      }
      case SeparableConv2d separable -> {
        script.convolve(
            value,
            inputs.getFirst(),
            first,
            convolutions.get(first),
            kernels.getFirst(),
            Optional.empty());
        Optional<String> residual =
            separable.residual() ? Optional.of(inputs.getLast()) : Optional.empty();
        script.convolve(
            value, value, first + 1, convolutions.get(first + 1), kernels.getLast(), residual);
      }
      case Activate activate -> {
        if (mayReplace(index, 0)) {
          value = inputs.getFirst();
        } else {
          script.assign(value, "torch.clone(%s)", inputs.getFirst());
        }
        script.activate(value, activate.activation());
      }
      case Binary(Binary.Function function) -> {
        String place = mayReplace(index, 0) ? "_" : "";
        script.assign(
            value,
            "torch.%s%s(%s, %s)",
            operator(function),
            place,
            inputs.getFirst(),
            inputs.getLast());
      }
      case Reduce _ -> script.assign(value, "torch.mean(%s, [2, 3], True)", inputs.getFirst());
      case BatchNormalization _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          ResizeLinear _,
          Softmax _,
          SquareRoot _,
          TransposedConv2d _,
          Unary _ ->
          throw new IllegalArgumentException("there is no script of " + node.operation());
    }
    variables.put(node.name(), value);
    own.add(node.name());
  }

  /** Whether the output can take the place of an input, which nothing else needs. */
  private boolean mayReplace(int index, int input) {
    Graph.Step step = steps.get(index);
    List<String> sources = step.node().inputs();
    String source = sources.get(input);
    return own.contains(source)
        && lastUse.get(source) == index
        && !graph.outputs().contains(source)
        && sources.indexOf(source) == sources.lastIndexOf(source)
        && step.problem().inputs().get(input).shape().equals(step.problem().destination().shape());
  }

  private static String operator(Binary.Function function) {
    return switch (function) {
      case ADD -> "add";
      case SUBTRACT -> "sub";
      case MULTIPLY -> "mul";
      case DIVIDE -> "div";
      case POWER, MINIMUM, MAXIMUM, PRELU ->
          throw new IllegalArgumentException("there is no script of " + function);
    };
  }
}
