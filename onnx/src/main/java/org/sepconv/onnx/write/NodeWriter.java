package org.sepconv.onnx.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.onnx.proto.AttributeProto;

/** Writes one operation as the node that ONNX has for it, or as several. */
final class NodeWriter {
  private final GraphBuilder proto;

  NodeWriter(GraphBuilder proto) {
    this.proto = proto;
  }

  private static int[] sizes(Shape shape) {
    return new int[] {shape.n(), shape.c(), shape.h(), shape.w()};
  }

  /** Adds a node whose operation is neither a graph nor separable. */
  void add(Graph.Step step, Weights weights) {
    Operation operation = step.node().operation();
    String name = step.node().name();
    List<String> inputs = step.node().inputs();
    Shape source = step.problem().source().shape();
    Shape output = step.problem().destination().shape();
    switch (operation) {
      case Conv2d conv -> convolution(name, conv, (ConvWeights) weights, source, inputs);
      case Activate(Activation activation) -> activation(name, activation, inputs.getFirst());
      case BatchNormalization _ -> batchNorm(name, (BatchNorm) weights, inputs.getFirst());
      case Binary(Binary.Function function) -> proto.node(operator(function), inputs, name);
      case Unary(Unary.Function function) -> proto.node(operator(function), inputs, name);
      case Quantize quantize -> QuantizeWriter.add(proto, name, quantize, inputs.getFirst());
      case SquareRoot _ -> proto.node("Sqrt", inputs, name);
      case MatrixProduct _ -> proto.node("MatMul", inputs, name);
      case Pool2d pool -> pool(name, pool, source, inputs);
      case Reduce reduce -> reduce(name, reduce, inputs.getFirst());
      case ResizeLinear(Resampling resampling) ->
          resize(name, resampling, output, inputs, GraphBuilder.text("mode", "linear"));
      case TransposedConv2d conv -> transposed(name, conv, (ConvWeights) weights, inputs);
      case Softmax(Axis axis) -> proto.node("Softmax", inputs, name, axis(axis));
      case Rearrangement moving -> rearrangement(name, moving, output, inputs);
      case SeparableConv2d _, Graph _ ->
          throw new IllegalArgumentException("to be taken apart: " + operation);
    }
  }

  private static AttributeProto axis(Axis axis) {
    return GraphBuilder.integer("axis", axis.ordinal());
  }

  private static String operator(Binary.Function function) {
    return switch (function) {
      case ADD -> "Add";
      case SUBTRACT -> "Sub";
      case MULTIPLY -> "Mul";
      case DIVIDE -> "Div";
      case POWER -> "Pow";
      case MINIMUM -> "Min";
      case MAXIMUM -> "Max";
      case PRELU -> "PRelu";
    };
  }

  private static String operator(Unary.Function function) {
    return switch (function) {
      case ABSOLUTE -> "Abs";
      case NEGATIVE -> "Neg";
      case RECIPROCAL -> "Reciprocal";
      case EXPONENTIAL -> "Exp";
      case LOGARITHM -> "Log";
      case ERROR_FUNCTION -> "Erf";
    };
  }

  private void batchNorm(String name, BatchNorm norm, String from) {
    int channels = norm.gamma().length;
    List<String> operands =
        List.of(
            from,
            proto.tensor(name + ":gamma", norm.gamma(), channels),
            proto.tensor(name + ":beta", norm.beta(), channels),
            proto.tensor(name + ":mean", norm.mean(), channels),
            proto.tensor(name + ":variance", norm.variance(), channels));
    proto.node(
        "BatchNormalization", operands, name, GraphBuilder.real("epsilon", (float) norm.epsilon()));
  }

  private void pool(String name, Pool2d pool, Shape source, List<String> inputs) {
    List<AttributeProto> attributes =
        new ArrayList<>(
            List.of(
                GraphBuilder.ints("kernel_shape", pool.kernelH(), pool.kernelW()),
                pads(pool.geometry(source).padding()),
                GraphBuilder.ints("strides", pool.strideH(), pool.strideW())));
    String operator =
        switch (pool.function()) {
          case MAX -> "MaxPool";
          case AVERAGE -> {
            attributes.add(GraphBuilder.integer("count_include_pad", pool.countPadding() ? 1 : 0));
            yield "AveragePool";
          }
        };
    proto.node(operator, inputs, name, attributes.toArray(AttributeProto[]::new));
  }

  private static AttributeProto pads(Padding.Explicit padding) {
    return GraphBuilder.ints(
        "pads", padding.top(), padding.left(), padding.bottom(), padding.right());
  }

  private void reduce(String name, Reduce reduce, String from) {
    int[] axes = reduce.axes().stream().mapToInt(Axis::ordinal).toArray();
    switch (reduce.function()) {
      case MEAN -> {
        if (reduce.ofPixels()) {
          proto.node("GlobalAveragePool", List.of(from), name);
        } else {
          proto.node("ReduceMean", List.of(from), name, GraphBuilder.ints("axes", axes));
        }
      }
      case MAX -> proto.node("ReduceMax", List.of(from), name, GraphBuilder.ints("axes", axes));
      case SUM -> {
        long[] wide = Arrays.stream(axes).asLongStream().toArray();
        proto.node("ReduceSum", List.of(from, proto.integers(name + ":axes", wide)), name);
      }
    }
  }

  private void rearrangement(String name, Rearrangement moving, Shape output, List<String> inputs) {
    switch (moving) {
      case Concat concat -> proto.node("Concat", inputs, name, axis(concat.axis()));
      case Gather(Axis axis, List<Integer> indices) -> {
        long[] wide = indices.stream().mapToLong(Integer::longValue).toArray();
        proto.node(
            "Gather",
            List.of(inputs.getFirst(), proto.integers(name + ":indices", wide)),
            name,
            axis(axis));
      }
      case Pad(Padding.Explicit sides, Pad.Mode mode, float value) ->
          proto.node(
              "Pad",
              List.of(
                  inputs.getFirst(),
                  proto.integers(
                      name + ":pads",
                      0,
                      0,
                      sides.top(),
                      sides.left(),
                      0,
                      0,
                      sides.bottom(),
                      sides.right()),
                  proto.tensor(name + ":value", new float[] {value})),
              name,
              GraphBuilder.text(
                  "mode",
                  switch (mode) {
                    case CONSTANT -> "constant";
                    case REFLECT -> "reflect";
                  }));
      case Reshape _ -> {
        long[] sizes = Arrays.stream(sizes(output)).asLongStream().toArray();
        proto.node(
            "Reshape", List.of(inputs.getFirst(), proto.integers(name + ":shape", sizes)), name);
      }
      case DepthToSpace(int block, DepthToSpace.Order order) ->
          proto.node(
              "DepthToSpace",
              inputs,
              name,
              GraphBuilder.integer("blocksize", block),
              GraphBuilder.text(
                  "mode",
                  switch (order) {
                    case DEPTH_COLUMN_ROW -> "DCR";
                    case COLUMN_ROW_DEPTH -> "CRD";
                  }));
      case SpaceToDepth(int block) ->
          proto.node("SpaceToDepth", inputs, name, GraphBuilder.integer("blocksize", block));
      case ResizeNearest(Resampling resampling, ResizeNearest.Rounding rounding) ->
          resize(
              name,
              resampling,
              output,
              inputs,
              GraphBuilder.text("mode", "nearest"),
              GraphBuilder.text(
                  "nearest_mode",
                  switch (rounding) {
                    case PREFER_FLOOR -> "round_prefer_floor";
                    case PREFER_CEIL -> "round_prefer_ceil";
                    case FLOOR -> "floor";
                    case CEIL -> "ceil";
                  }));
      case Slice(Axis axis, int start, int end, int step) ->
          proto.node(
              "Slice",
              List.of(
                  inputs.getFirst(),
                  proto.integers(name + ":start", start),
                  proto.integers(name + ":end", end),
                  proto.integers(name + ":axis", axis.ordinal()),
                  proto.integers(name + ":step", step)),
              name);
      case Transpose(List<Axis> order) ->
          proto.node(
              "Transpose",
              inputs,
              name,
              GraphBuilder.ints("perm", order.stream().mapToInt(Axis::ordinal).toArray()));
    }
  }

  private void resize(
      String name,
      Resampling resampling,
      Shape output,
      List<String> inputs,
      AttributeProto... mode) {
    List<String> operands = new ArrayList<>(List.of(inputs.getFirst(), ""));
    switch (resampling.target()) {
      case Resampling.Size(int height, int width) -> {
        operands.add("");
        operands.add(proto.integers(name + ":sizes", output.n(), output.c(), height, width));
      }
      case Resampling.Scale(float height, float width) ->
          operands.add(proto.tensor(name + ":scales", new float[] {1, 1, height, width}, 4));
    }
    String coordinates = resampling.coordinates().name().toLowerCase(Locale.ROOT);
    List<AttributeProto> attributes = new ArrayList<>(List.of(mode));
    attributes.add(GraphBuilder.text("coordinate_transformation_mode", coordinates));
    proto.node("Resize", operands, name, attributes.toArray(AttributeProto[]::new));
  }

  /** What a convolution takes: an input, the filter, and the bias if there is one. */
  private List<String> operands(
      String name, String input, ConvWeights weights, int... filterSizes) {
    List<String> operands = new ArrayList<>(List.of(input));
    operands.add(proto.tensor(name + ":filter", weights.filter(), filterSizes));
    weights.bias().ifPresent(bias -> operands.add(proto.tensor(name + ":bias", bias, bias.length)));
    return operands;
  }

  private void transposed(
      String name, TransposedConv2d conv, ConvWeights weights, List<String> inputs) {
    List<String> operands =
        operands(
            name,
            inputs.getFirst(),
            weights,
            conv.inChannels(),
            conv.outputsPerGroup(),
            conv.kernelH(),
            conv.kernelW());
    boolean plain = conv.activation() instanceof Activation.None;
    String before = plain ? name : name + ":sum";
    proto.node(
        "ConvTranspose",
        operands,
        before,
        GraphBuilder.ints("dilations", conv.dilationH(), conv.dilationW()),
        GraphBuilder.integer("group", conv.groups()),
        GraphBuilder.ints("kernel_shape", conv.kernelH(), conv.kernelW()),
        GraphBuilder.ints("output_padding", conv.outputPaddingH(), conv.outputPaddingW()),
        pads(conv.padding()),
        GraphBuilder.ints("strides", conv.strideH(), conv.strideW()));
    if (!plain) {
      activation(name, conv.activation(), before);
    }
  }

  private void convolution(
      String name, Conv2d conv, ConvWeights weights, Shape source, List<String> inputs) {
    ConvGeometry geometry = conv.geometry(source);
    List<String> operands =
        operands(
            name,
            inputs.getFirst(),
            weights,
            conv.outChannels(),
            conv.channelsPerGroup(),
            conv.kernelH(),
            conv.kernelW());
    boolean plain = conv.activation() instanceof Activation.None;
    String before = plain ? name : name + ":sum";
    String sum = conv.residual() ? name + ":conv" : before;
    proto.node(
        "Conv",
        operands,
        sum,
        GraphBuilder.ints("dilations", conv.dilationH(), conv.dilationW()),
        GraphBuilder.integer("group", conv.groups()),
        GraphBuilder.ints("kernel_shape", conv.kernelH(), conv.kernelW()),
        pads(geometry.padding()),
        GraphBuilder.ints("strides", conv.strideH(), conv.strideW()));
    if (conv.residual()) {
      proto.node("Add", List.of(sum, inputs.getLast()), before);
    }
    if (!plain) {
      activation(name, conv.activation(), before);
    }
  }

  private void activation(String name, Activation activation, String from) {
    switch (activation) {
      case Activation.None _ -> proto.node("Identity", List.of(from), name);
      case Activation.Relu _ -> proto.node("Relu", List.of(from), name);
      case Activation.Relu6 _ -> clip(name, 0, 6, from);
      case Activation.Clamp(float min, float max) -> clip(name, min, max, from);
      case Activation.HardSwish _ -> proto.node("HardSwish", List.of(from), name);
      case Activation.LeakyRelu(float slope) ->
          proto.node("LeakyRelu", List.of(from), name, GraphBuilder.real("alpha", slope));
      case Activation.Sigmoid _ -> proto.node("Sigmoid", List.of(from), name);
      case Activation.HardSigmoid _ ->
          proto.node(
              "HardSigmoid",
              List.of(from),
              name,
              GraphBuilder.real("alpha", 1 / 6f),
              GraphBuilder.real("beta", 0.5f));
      case Activation.Gelu _ -> gelu(name, from);
      case Activation.Tanh _ -> proto.node("Tanh", List.of(from), name);
      case Activation.Silu _ -> {
        proto.node("Sigmoid", List.of(from), name + ":sigmoid");
        proto.node("Mul", List.of(from, name + ":sigmoid"), name);
      }
    }
  }

  /** As PyTorch's exporter writes it: ONNX Runtime makes one operator of the five. */
  private void gelu(String name, String from) {
    String root = proto.tensor(name + ":sqrt2", new float[] {(float) Math.sqrt(2)});
    String one = proto.tensor(name + ":one", new float[] {1});
    String half = proto.tensor(name + ":half", new float[] {0.5f});
    proto.node("Div", List.of(from, root), name + ":scaled");
    proto.node("Erf", List.of(name + ":scaled"), name + ":erf");
    proto.node("Add", List.of(name + ":erf", one), name + ":plus");
    proto.node("Mul", List.of(from, name + ":plus"), name + ":product");
    proto.node("Mul", List.of(name + ":product", half), name);
  }

  private void clip(String name, float min, float max, String from) {
    String lower = proto.tensor(name + ":min", new float[] {min});
    String upper = proto.tensor(name + ":max", new float[] {max});
    proto.node("Clip", List.of(from, lower, upper), name);
  }
}
