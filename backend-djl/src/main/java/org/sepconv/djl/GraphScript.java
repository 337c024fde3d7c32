package org.sepconv.djl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.sepconv.Activate;
import org.sepconv.Axis;
import org.sepconv.BatchNorm;
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
import org.sepconv.Quantize;
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
import org.sepconv.graph.pass.Program;
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
  private final GraphWeights weights;
  private final List<Array> arrays;

  /** The variable of each value. */
  private final Map<String, String> variables = new HashMap<>();

  /** Values that are in memory of their own, so that they may be replaced. */
  private final Set<String> own = new HashSet<>();

  private final Map<String, Integer> lastUse = new HashMap<>();

  /**
   * @param problem that the program is for
   */
  GraphScript(Problem problem, Program program) {
    this.problem = problem;
    this.graph = program.graph();
    this.weights = program.weights();
    this.steps = graph.steps(program.on(problem));
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
    this.arrays = arraysOfAll();
  }

  /** Whether a graph can be one module. */
  static Support supports(Graph graph) {
    if (graph.outputs().size() > 1) {
      return new Support.No("a script of it would give one output, not all of them");
    }
    return graph.nodes().stream().anyMatch(node -> node.operation() instanceof Graph)
        ? new Support.No("there is no script of a graph within a graph")
        : Support.YES;
  }

  /** All convolutions, in the order of their filters, those of separable ones one by one. */
  List<ConvGeometry> convolutions() {
    return convolutions;
  }

  /** The weights of {@link #convolutions}. */
  List<ConvWeights> weights() {
    List<ConvWeights> all = new ArrayList<>();
    for (Graph.Node node : graph.nodes()) {
      if (weights.of(node) instanceof SeparableWeights(ConvWeights first, ConvWeights second)) {
        all.add(first);
        all.add(second);
      } else if (node.operation() instanceof Conv2d) {
        all.add((ConvWeights) weights.of(node));
      }
    }
    return all;
  }

  /**
   * What the script takes besides: constants, and the parameters of batch norms and transposed
   * convolutions.
   *
   * @param shape sizes of the array
   */
  record Array(String name, float[] values, long... shape) {}

  /** In the order in which the script takes them, behind the weights of the convolutions. */
  List<Array> arrays() {
    return arrays;
  }

  private List<Array> arraysOfAll() {
    List<Array> all = new ArrayList<>();
    for (Graph.Constant constant : graph.constants()) {
      Shape shape = constant.shape();
      String name = "k" + all.size();
      all.add(new Array(name, weights.of(constant), shape.n(), shape.c(), shape.h(), shape.w()));
    }
    for (int i = 0; i < steps.size(); i++) {
      if (weights.of(steps.get(i).node()) instanceof BatchNorm norm) {
        List<float[]> parameters = List.of(norm.gamma(), norm.beta(), norm.mean(), norm.variance());
        for (int j = 0; j < parameters.size(); j++) {
          all.add(new Array(name(i, j), parameters.get(j), parameters.get(j).length));
        }
      }
      if (steps.get(i).node().operation() instanceof TransposedConv2d conv) {
        ConvWeights parameters = (ConvWeights) weights.of(steps.get(i).node());
        all.add(
            new Array(
                name(i, 0),
                parameters.filter(),
                conv.inChannels(),
                conv.outputsPerGroup(),
                conv.kernelH(),
                conv.kernelW()));
        String bias = name(i, 1);
        parameters.bias().ifPresent(values -> all.add(new Array(bias, values, values.length)));
      }
    }
    return all;
  }

  private static String name(int step, int parameter) {
    return "n%d_%d".formatted(step, parameter);
  }

  private static List<Conv2d> stages(Graph.Step step) {
    return step.node().operation() instanceof SeparableConv2d(Conv2d depthwise, Conv2d pointwise)
        ? List.of(depthwise, pointwise)
        : step.node().operation() instanceof Conv2d conv ? List.of(conv) : List.of();
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
        String input = variable(graph.inputs().get(i).name());
        script.arrange(input, input, inside);
      }
    }
    int next = 0;
    for (int i = 0; i < steps.size(); i++) {
      int count = stages(steps.get(i)).size();
      add(script, i, next, kernels.subList(next, next + count));
      next += count;
    }
    script.arrange("y", variable(graph.outputs().getFirst()), destination);
    return script.end("y");
  }

  private String variable(String value) {
    return Objects.requireNonNull(variables.get(value), value);
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
    for (Array array : arrays) {
      parameters.add(array.name() + ": Tensor");
    }
    for (int i = 0; i < graph.constants().size(); i++) {
      variables.put(graph.constants().get(i).name(), arrays.get(i).name());
    }
    for (int i = 1; i < graph.inputs().size(); i++) {
      parameters.add("i" + i + ": Tensor");
      variables.put(graph.inputs().get(i).name(), "i" + i);
    }
    return parameters;
  }

  private void add(ScriptWriter script, int index, int first, List<Kernels> kernels) {
    Problem asked = steps.get(index).problem();
    Graph.Node node = steps.get(index).node();
    List<String> inputs = node.inputs().stream().map(variables::get).toList();
    String value = "v" + index;
    OperationScript operation = new OperationScript(script, value, inputs);
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
      case Binary(Binary.Function function) -> operation.binary(function, mayReplace(index, 0));
      case SquareRoot _ -> operation.squareRoot();
      case Quantize quantize -> operation.quantize(quantize);
      case Unary(Unary.Function function) -> operation.unary(function);
      case ResizeLinear resize ->
          operation.resize(resize, asked.source().shape(), asked.destination().shape());
      case TransposedConv2d conv ->
          operation.transposed(
              conv,
              name(index, 0),
              conv.bias() ? name(index, 1) : "None",
              asked.destination().shape());
      case Softmax(Axis axis) -> operation.softmax(axis);
      case MatrixProduct _ -> operation.matrixProduct();
      case Reduce reduce -> operation.reduce(reduce);
      case BatchNormalization _ -> {
        List<String> names = IntStream.range(0, 4).mapToObj(i -> name(index, i)).toList();
        operation.batchNorm(names, ((BatchNorm) weights.of(node)).epsilon());
      }
      case Pool2d pool -> operation.pool(pool, asked.source().shape());
      case Rearrangement rearrangement -> operation.rearrange(rearrangement, asked);
      case Graph _ ->
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
        && Objects.equals(lastUse.get(source), index)
        && !graph.outputs().contains(source)
        && sources.indexOf(source) == sources.lastIndexOf(source)
        && step.problem().inputs().get(input).shape().equals(step.problem().destination().shape());
  }
}
