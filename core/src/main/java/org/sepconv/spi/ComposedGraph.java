package org.sepconv.spi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sepconv.BatchNorm;
import org.sepconv.ConstantWeights;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.NoWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/**
 * A graph as one prepared operation after the other, with tensors between them; what the backend
 * refuses runs on the host. A separable convolution that a backend does not fuse is a graph of two.
 */
final class ComposedGraph extends Prepared {
  private static final String DEPTHWISE = "depthwise";
  private static final String POINTWISE = "pointwise";

  private final Graph graph;
  private final Weights weights;
  private final List<GraphPart> parts;
  private final boolean shared;
  private final SlotPlan plan;
  private final List<ArenaPlan.Use> uses = new ArrayList<>();
  private final ArenaPlan arena;
  private final long bytesBetween;
  private final List<Tensor> constants;
  private final List<KernelCandidate> refused;

  private ComposedGraph(
      ConvBackend backend,
      Problem problem,
      Graph graph,
      Weights weights,
      List<GraphPart> parts,
      List<Tensor> constants,
      List<KernelCandidate> refused) {
    super(backend, problem);
    this.graph = graph;
    this.weights = weights;
    this.parts = parts;
    List<Graph.Step> steps = parts.stream().map(GraphPart::step).toList();
    this.shared =
        steps.stream().allMatch(step -> backend.sharedBytes(step.problem().destination()) > 0);
    this.plan = SlotPlan.of(graph, steps, shared);
    for (int i = 0; i < plan.slots().size(); i++) {
      TensorSpec spec = plan.slots().get(i);
      long bytes = shared ? backend.sharedBytes(spec) : spec.bytes();
      uses.add(new ArenaPlan.Use(bytes, plan.firstUse(i), plan.lastUse(i)));
    }
    this.arena = ArenaPlan.of(uses);
    this.bytesBetween =
        shared ? arena.bytes() : uses.stream().mapToLong(ArenaPlan.Use::bytes).sum();
    this.constants = constants;
    this.refused = refused;
  }

  /** Whether the stages of a separable convolution can run, or the nodes of a graph. */
  static Support supports(ConvBackend backend, Problem problem) {
    List<Graph.Step> steps;
    try {
      steps = steps(backend, graph(problem), problem);
    } catch (IllegalArgumentException wrong) {
      return new Support.No(String.valueOf(wrong.getMessage()));
    }
    if (problem.operation() instanceof Graph) {
      return Support.YES; // on the host, where it must be
    }
    // A backend that does not know a word of one stage is not asked about the other.
    return steps.stream()
        .flatMap(step -> backend.vocabulary().refusal(step.problem()).stream())
        .findFirst()
        .<Support>map(Support.No::new)
        .orElseGet(
            () ->
                steps.stream()
                    .map(step -> backend.supports(step.problem()))
                    .filter(Support.No.class::isInstance)
                    .findFirst()
                    .orElse(Support.YES));
  }

  private static List<Graph.Step> steps(ConvBackend backend, Graph graph, Problem problem) {
    Problem asked = new Problem(graph, problem.inputs(), problem.outputs());
    Layout output = problem.destination().layout();
    Layout between = backend.layoutBetween(output);
    if (between != output) {
      try {
        return graph.steps(asked, between);
      } catch (IllegalArgumentException _) {
        // A residual must lie as the output that it is added to, which somebody wants otherwise.
      }
    }
    return graph.steps(asked);
  }

  private static Graph graph(Problem problem) {
    return problem.operation() instanceof Graph graph
        ? graph
        : graph((SeparableConv2d) problem.operation(), problem);
  }

  private static Graph graph(SeparableConv2d separable, Problem problem) {
    Graph.Builder graph =
        Graph.builder("separable")
            .input("source", problem.source().shape())
            .add(DEPTHWISE, separable.depthwise());
    if (!separable.residual()) {
      return graph.add(POINTWISE, separable.pointwise()).build();
    }
    return graph
        .input("residual", problem.destination().shape())
        .add(POINTWISE, separable.pointwise(), DEPTHWISE, "residual")
        .build();
  }

  private static Weights weights(Weights given, Graph.Node node) {
    return switch (given) {
      case GraphWeights weights -> weights.of(node);
      case SeparableWeights weights ->
          node.name().equals(DEPTHWISE) ? weights.depthwise() : weights.pointwise();
      case ConvWeights _, NoWeights _, BatchNorm _, ConstantWeights _ -> Weights.none();
    };
  }

  /** The constants on the device, as they lie between the nodes. */
  private static List<Tensor> constants(
      ConvBackend backend, Graph graph, List<Graph.Step> steps, Weights weights) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      for (Graph.Constant constant : graph.constants()) {
        TensorSpec spec = spec(constant, steps);
        float[] values = ((GraphWeights) weights).of(constant);
        Tensor tensor = backend.allocateChecked(spec);
        tensors.add(tensor);
        tensor.upload(
            MemorySegment.ofArray(Layout.NCHW.convert(spec.shape(), values, spec.layout())));
      }
      return tensors;
    } catch (RuntimeException | Error failure) {
      tensors.forEach(Tensor::close);
      throw failure;
    }
  }

  /** As the nodes take it, of which there is one at least: what nobody takes, the passes remove. */
  private static TensorSpec spec(Graph.Constant constant, List<Graph.Step> steps) {
    for (Graph.Step step : steps) {
      int input = step.node().inputs().indexOf(constant.name());
      if (input >= 0) {
        return step.problem().inputs().get(input);
      }
    }
    return TensorSpec.nchw(constant.shape());
  }

  /**
   * Prepares a separable convolution or a graph.
   *
   * @param reason why the backend does not run it as a whole
   */
  static Prepared prepare(ConvBackend backend, Problem problem, Weights weights, String reason) {
    Graph graph = graph(problem);
    List<Graph.Step> steps = steps(backend, graph, problem);
    List<GraphPart> parts = new ArrayList<>();
    try {
      for (Graph.Step step : steps) {
        parts.add(GraphPart.of(backend, step, weights(weights, step.node())));
      }
      return new ComposedGraph(
          backend,
          problem,
          graph,
          weights,
          parts,
          constants(backend, graph, steps, weights),
          List.of(KernelCandidate.refused("fused", reason)));
    } catch (RuntimeException | Error failure) {
      GraphPart.closeAll(parts);
      throw failure;
    }
  }

  @Override
  protected Optional<Prepared> adapted(Problem other, Weights given) {
    List<Graph.Step> steps = steps(backend(), graph, other);
    for (int i = 0; i < parts.size(); i++) {
      boolean onDevice = parts.get(i) instanceof GraphPart.OnDevice;
      Support now = backend().supports(steps.get(i).problem());
      if (onDevice != now instanceof Support.Yes) {
        return Optional.empty(); // of this size, other nodes can be fused
      }
    }
    List<GraphPart> adapted = new ArrayList<>();
    try {
      for (int i = 0; i < parts.size(); i++) {
        Graph.Step step = steps.get(i);
        adapted.add(parts.get(i).adapted(backend(), step, weights(weights, step.node())));
      }
      return Optional.of(
          new ComposedGraph(
              backend(),
              other,
              graph,
              weights,
              adapted,
              constants(backend(), graph, steps, weights),
              refused));
    } catch (RuntimeException | Error failure) {
      GraphPart.closeAll(adapted);
      throw failure;
    }
  }

  @Override
  public String kernel() {
    return parts.stream().map(GraphPart::kernel).collect(Collectors.joining(" + "));
  }

  @Override
  public List<KernelCandidate> explain() {
    List<KernelCandidate> all = new ArrayList<>(refused);
    for (GraphPart part : parts) {
      String node = problem().operation() instanceof Graph ? part.step().node().name() + ": " : "";
      for (KernelCandidate each : part.explain()) {
        all.add(new KernelCandidate(node + each.kernel(), each.taken(), each.reason()));
      }
    }
    return all;
  }

  @Override
  public List<Part> parts() {
    return parts.stream()
        .flatMap(part -> part.parts().stream().map(each -> each.within(part.step().node().name())))
        .toList();
  }

  @Override
  protected Execution execution() {
    return executionBeside(List.of());
  }

  @Override
  protected Execution executionBeside(List<Execution> others) {
    List<Execution> all = new ArrayList<>(others);
    List<Execution> executions = new ArrayList<>();
    List<Tensor> slots = new ArrayList<>();
    try {
      for (GraphPart part : parts) {
        executions.add(part.execution(all));
        all.add(executions.getLast());
      }
      if (shared) {
        slots.addAll(backend().allocateShared(plan.slots(), arena.offsets(), arena.bytes()));
      } else {
        plan.slots().forEach(spec -> slots.add(backend().allocateChecked(spec)));
      }
      return new GraphExecution(
          plan, executions, constants, slots, slot -> shared && arena.shares(slot));
    } catch (RuntimeException | Error failure) {
      executions.forEach(Execution::release);
      slots.forEach(Tensor::close);
      throw failure;
    }
  }

  @Override
  public long bytesBetween() {
    return bytesBetween;
  }

  @Override
  public MemoryPlan memoryPlan() {
    List<String> steps = parts.stream().map(part -> part.step().node().name()).toList();
    List<List<String>> values = new ArrayList<>();
    plan.slots().forEach(_ -> values.add(new ArrayList<>()));
    for (int i = 0; i < steps.size(); i++) {
      if (plan.nodes().get(i).output() instanceof SlotPlan.Place.Slot(int slot)) {
        values.get(slot).add(steps.get(i));
      }
    }
    List<MemoryPlan.Block> blocks = new ArrayList<>();
    long next = 0; // where slots share no memory, one lies behind the other
    for (int i = 0; i < values.size(); i++) {
      ArenaPlan.Use use = uses.get(i);
      long offset = shared ? arena.offsets()[i] : next;
      next += use.bytes();
      blocks.add(new MemoryPlan.Block(values.get(i), offset, use.bytes(), use.first(), use.last()));
    }
    return new MemoryPlan(bytesBetween, steps, blocks);
  }

  @Override
  protected void warmUpKernels(long end) {
    parts.forEach(part -> part.warmUpKernels(end));
  }

  @Override
  protected void release() {
    List<Runnable> closings = new ArrayList<>();
    constants.forEach(constant -> closings.add(constant::close));
    closings.add(() -> GraphPart.closeAll(parts));
    Closing.all(closings);
  }
}
