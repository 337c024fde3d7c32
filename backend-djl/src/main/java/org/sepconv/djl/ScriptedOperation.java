package org.sepconv.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Program;
import org.sepconv.spi.Execution;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * A convolution, several in a row, or a whole graph as one TorchScript module: one call of the
 * engine a run.
 */
final class ScriptedOperation extends Prepared {

  /** The first run profiles the script and the second compiles it; it gets no faster after that. */
  private static final int WARM_UP_RUNS = 2;

  private final DjlBackend engine;
  private final PtSymbolBlock module;
  private final IValue[] weights;
  private final String kernel;

  private ScriptedOperation(
      DjlBackend engine, Problem problem, PtSymbolBlock module, IValue[] weights, String kernel) {
    super(engine, problem);
    this.engine = engine;
    this.module = module;
    this.weights = weights;
    this.kernel = kernel;
  }

  /**
   * Loads the script, packs the weights, and runs it on zeros until it is compiled.
   *
   * @param stages the convolutions that the operation consists of
   * @param weights of each stage
   */
  static ScriptedOperation prepare(
      DjlBackend engine, Problem problem, List<Conv2d> stages, List<ConvWeights> weights) {
    TensorSpec source = problem.source();
    TensorSpec destination = problem.destination();
    List<ConvGeometry> geometries = new ArrayList<>();
    Shape input = source.shape();
    for (Conv2d stage : stages) {
      geometries.add(stage.geometry(input));
      input = geometries.getLast().output();
    }
    List<Kernels> kernels =
        engine.kernels(geometries, ScriptWriter.inside(source.layout(), destination.layout()));
    String script =
        ConvolutionScript.of(geometries, kernels, source.layout(), destination.layout());
    String kernel =
        kernelOf(problem.operation().kind(), stages.getFirst(), source.layout(), kernels);
    return prepare(engine, problem, script, geometries, weights, List.of(), kernel);
  }

  /** The same for a whole graph, or for another operation as one. */
  static ScriptedOperation prepare(DjlBackend engine, Problem problem, Weights weights) {
    Program program = Program.of(problem, weights);
    GraphScript script = new GraphScript(problem, program);
    Layout layout = problem.source().layout();
    List<Kernels> kernels =
        engine.kernels(
            script.convolutions(), ScriptWriter.inside(layout, problem.destination().layout()));
    String kernel =
        (problem.operation() instanceof Graph graph
                ? "f32-graph-%s-%d-operations-%s"
                    .formatted(layout, graph.nodes().size(), operators(kernels))
                : "f32-%s-%s-engine".formatted(problem.operation().kind(), layout))
            .toLowerCase(Locale.ROOT);
    return prepare(
        engine,
        problem,
        script.source(kernels),
        script.convolutions(),
        script.weights(),
        script.arrays(),
        kernel);
  }

  private static ScriptedOperation prepare(
      DjlBackend engine,
      Problem problem,
      String script,
      List<ConvGeometry> convolutions,
      List<ConvWeights> weights,
      List<GraphScript.Array> arrays,
      String kernel) {
    PtSymbolBlock module = engine.load(script);
    List<IValue> packed = new ArrayList<>();
    try {
      for (int i = 0; i < convolutions.size(); i++) {
        pack(engine, module, i, convolutions.get(i).conv(), weights.get(i), packed);
      }
      for (GraphScript.Array array : arrays) {
        try (PtNDArray values = engine.arrayOf(array.values(), array.shape())) {
          packed.add(IValue.from(values));
        }
      }
      ScriptedOperation prepared =
          new ScriptedOperation(engine, problem, module, packed.toArray(IValue[]::new), kernel);
      if (engine.warmsUp()) {
        prepared.warmUp();
      }
      return prepared;
    } catch (RuntimeException | Error failure) {
      packed.forEach(IValue::close);
      module.close();
      throw failure;
    }
  }

  private static void pack(
      DjlBackend engine,
      PtSymbolBlock module,
      int index,
      Conv2d conv,
      ConvWeights weights,
      List<IValue> packed) {
    try (PtNDArray filter =
            engine.arrayOf(
                weights.filter(),
                conv.outChannels(),
                conv.channelsPerGroup(),
                conv.kernelH(),
                conv.kernelW());
        IValue plain = IValue.from(filter)) {
      packed.add(runMethod(module, "pack" + index, plain));
    }
    if (weights.bias().isPresent()) {
      try (PtNDArray bias = engine.arrayOf(weights.bias().get(), conv.outChannels())) {
        packed.add(IValue.from(bias));
      }
    }
  }

  private void warmUp() {
    List<PtNDArray> zeros = new ArrayList<>();
    try {
      problem().inputs().forEach(spec -> zeros.add(engine.zeros(spec)));
      for (int run = 0; run < WARM_UP_RUNS; run++) {
        call(zeros.toArray(PtNDArray[]::new)).close();
      }
    } finally {
      zeros.forEach(PtNDArray::close);
    }
  }

  @Override
  public String kernel() {
    return kernel;
  }

  @Override
  protected Execution execution() {
    return new Execution() {
      @Override
      protected void start(Tensor[] inputs, Tensor[] outputs) {
        SharedArray[] given = new SharedArray[inputs.length];
        try {
          // Before the destination, which may be the residual, gives its array up.
          for (int i = 0; i < given.length; i++) {
            given[i] = ((DjlTensor) inputs[i]).acquire();
          }
          fill((DjlTensor) outputs[0], given);
        } finally {
          for (SharedArray array : given) {
            if (array != null) {
              array.release();
            }
          }
        }
      }
    };
  }

  private void fill(DjlTensor result, SharedArray[] inputs) {
    try {
      result.vacate();
      result.fill(call(Arrays.stream(inputs).map(SharedArray::array).toArray(PtNDArray[]::new)));
    } catch (RuntimeException | Error failure) {
      result.lose(); // it can be read again
      if (failure instanceof RuntimeException exception) {
        throw engine.failure(
            "run %s on %s".formatted(problem().operation(), problem().source()), exception);
      }
      throw failure;
    }
  }

  /**
   * The result, a new array that belongs to the backend until a tensor takes it over.
   *
   * @param inputs of the operation: the first goes before the weights, the others behind them
   */
  private PtNDArray call(PtNDArray... inputs) {
    engine.useThreads();
    IValue[] arguments = new IValue[weights.length + inputs.length];
    System.arraycopy(weights, 0, arguments, 1, weights.length);
    IValue[] given = new IValue[inputs.length];
    try {
      for (int i = 0; i < inputs.length; i++) {
        given[i] = IValue.from(inputs[i]);
        arguments[i == 0 ? 0 : weights.length + i] = given[i];
      }
      return invoke(arguments);
    } finally {
      for (IValue value : given) {
        if (value != null) {
          value.close();
        }
      }
    }
  }

  private PtNDArray invoke(IValue[] arguments) {
    try (IValue result = runMethod(module, "forward", arguments)) {
      return engine.adopt(result);
    }
  }

  private static IValue runMethod(PtSymbolBlock module, String method, IValue... arguments) {
    return EngineCalls.ALL.make(() -> IValueUtils.runMethod(module, method, arguments));
  }

  @Override
  protected void release() {
    for (IValue weight : weights) {
      weight.close();
    }
    module.close();
  }

  private static String kernelOf(
      KernelKind kind, Conv2d first, Layout layout, List<Kernels> kernels) {
    String stride =
        first.strideH() == first.strideW()
            ? "s" + first.strideH()
            : "s" + first.strideH() + "x" + first.strideW();
    return "f32-%s-%s-%dx%d%s-%s"
        .formatted(kind, layout, first.kernelH(), first.kernelW(), stride, operators(kernels))
        .toLowerCase(Locale.ROOT);
  }

  private static String operators(List<Kernels> kernels) {
    return kernels.isEmpty()
        ? "engine"
        : kernels.stream().distinct().map(Enum::name).collect(Collectors.joining("+"));
  }
}
