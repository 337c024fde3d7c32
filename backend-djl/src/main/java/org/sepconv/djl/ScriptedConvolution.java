package org.sepconv.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** A convolution, or several in a row, as one TorchScript module: one call of the engine a run. */
final class ScriptedConvolution extends PreparedConvolution {

  /** The first run profiles the script and the second compiles it; it gets no faster after that. */
  private static final int WARM_UP_RUNS = 2;

  private final DjlBackend engine;
  private final PtSymbolBlock module;
  private final IValue[] weights;
  private final String kernel;

  private ScriptedConvolution(
      DjlBackend engine,
      Convolution convolution,
      TensorSpec source,
      TensorSpec destination,
      PtSymbolBlock module,
      IValue[] weights,
      String kernel) {
    super(engine, convolution, source, destination);
    this.engine = engine;
    this.module = module;
    this.weights = weights;
    this.kernel = kernel;
  }

  /**
   * Loads the script, packs the weights, and runs it on zeros until it is compiled.
   *
   * @param stages the convolutions that {@code convolution} consists of
   * @param weights of each stage
   */
  static ScriptedConvolution prepare(
      DjlBackend engine,
      Convolution convolution,
      List<Conv2d> stages,
      List<ConvWeights> weights,
      TensorSpec source,
      TensorSpec destination) {
    List<ConvGeometry> geometries = new ArrayList<>();
    Shape input = source.shape();
    for (Conv2d stage : stages) {
      geometries.add(stage.geometry(input));
      input = geometries.getLast().output();
    }
    List<Kernels> kernels =
        engine.kernels(geometries, ConvolutionScript.inside(source.layout(), destination.layout()));
    String script =
        ConvolutionScript.of(geometries, kernels, source.layout(), destination.layout());
    PtSymbolBlock module = engine.load(script);
    List<IValue> packed = new ArrayList<>();
    try {
      for (int i = 0; i < stages.size(); i++) {
        pack(engine, module, i, stages.get(i), weights.get(i), packed);
      }
      ScriptedConvolution prepared =
          new ScriptedConvolution(
              engine,
              convolution,
              source,
              destination,
              module,
              packed.toArray(IValue[]::new),
              kernelOf(convolution, source.layout(), kernels));
      if (engine.warmsUp()) {
        prepared.warmUp();
      }
      return prepared;
    } catch (RuntimeException failure) {
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
      packed.add(IValueUtils.runMethod(module, "pack" + index, plain));
    }
    if (weights.bias().isPresent()) {
      try (PtNDArray bias = engine.arrayOf(weights.bias().get(), conv.outChannels())) {
        packed.add(IValue.from(bias));
      }
    }
  }

  private void warmUp() {
    try (PtNDArray zeros = engine.zeros(source());
        PtNDArray residual = engine.zeros(destination())) {
      for (int run = 0; run < WARM_UP_RUNS; run++) {
        (convolution().residual() ? call(zeros, residual) : call(zeros)).close();
      }
    }
  }

  @Override
  public String kernel() {
    return kernel;
  }

  @Override
  protected void compute(Tensor src, Tensor dst) {
    SharedArray input = ((DjlTensor) src).acquire();
    try {
      fill((DjlTensor) dst, input.array());
    } finally {
      input.release();
    }
  }

  @Override
  protected void compute(Tensor src, Tensor residual, Tensor dst) {
    SharedArray input = ((DjlTensor) src).acquire();
    try {
      // Before the destination, which may be the same, gives its array up.
      SharedArray added = ((DjlTensor) residual).acquire();
      try {
        fill((DjlTensor) dst, input.array(), added.array());
      } finally {
        added.release();
      }
    } finally {
      input.release();
    }
  }

  private void fill(DjlTensor result, PtNDArray... inputs) {
    try {
      result.vacate();
      result.fill(call(inputs));
    } catch (RuntimeException failure) {
      result.fill(engine.zeros(destination()));
      throw engine.failure("run " + convolution() + " on " + source(), failure);
    }
  }

  /**
   * The result, a new array that belongs to the backend until a tensor takes it over.
   *
   * @param inputs the input, and the residual if the convolution adds one
   */
  private PtNDArray call(PtNDArray... inputs) {
    engine.useThreads();
    IValue[] arguments = new IValue[weights.length + inputs.length];
    System.arraycopy(weights, 0, arguments, 1, weights.length);
    try (IValue x = IValue.from(inputs[0])) {
      arguments[0] = x;
      if (inputs.length == 1) {
        return invoke(arguments);
      }
      try (IValue residual = IValue.from(inputs[1])) {
        arguments[weights.length + 1] = residual;
        return invoke(arguments);
      }
    }
  }

  private PtNDArray invoke(IValue[] arguments) {
    try (IValue result = IValueUtils.runMethod(module, "forward", arguments)) {
      return engine.adopt(result);
    }
  }

  @Override
  protected void release() {
    for (IValue weight : weights) {
      weight.close();
    }
    module.close();
  }

  private static String kernelOf(Convolution convolution, Layout layout, List<Kernels> kernels) {
    String operators = kernels.stream().distinct().map(Enum::name).collect(Collectors.joining("+"));
    Conv2d first;
    String kind;
    switch (convolution) {
      case Conv2d conv -> {
        first = conv;
        kind = conv.kind().name();
      }
      case SeparableConv2d separable -> {
        first = separable.depthwise();
        kind = "separable";
      }
    }
    String stride =
        first.strideH() == first.strideW()
            ? "s" + first.strideH()
            : "s" + first.strideH() + "x" + first.strideW();
    return "f32-%s-%s-%dx%d%s-%s"
        .formatted(kind, layout, first.kernelH(), first.kernelW(), stride, operators)
        .toLowerCase(Locale.ROOT);
  }
}
