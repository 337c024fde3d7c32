package org.sepconv.bench.implementation;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Weights;

/**
 * Writes a layer or a network as an ONNX model in NCHW: inputs {@code x0}, {@code x1}, ...; outputs
 * in the order of the problem. Every operation is the node that ONNX has for it; what to fuse is
 * the engine's affair.
 */
final class OnnxModel {
  private final OnnxProto proto = new OnnxProto();

  private OnnxModel() {}

  /** The bytes of the model, whose inputs and outputs are called as those of the graph. */
  static byte[] of(FlatGraph graph) {
    OnnxModel model = new OnnxModel();
    graph.nodes().forEach(model::add);
    return model.proto.model(graph.inputs(), graph.outputs());
  }

  /** The bytes of the model. */
  static byte[] of(Problem problem, Weights weights) {
    return of(FlatGraph.of(problem, weights));
  }

  private void add(FlatGraph.Node node) {
    List<String> inputs = node.inputs().stream().map(FlatGraph.Value::name).toList();
    switch (node.operation()) {
      case Conv2d conv -> convolution(node, conv, inputs);
      case Add _ -> proto.node("Add", inputs, node.name());
      case GlobalAveragePool _ -> proto.node("GlobalAveragePool", inputs, node.name());
      case SeparableConv2d _, Graph _ -> throw new IllegalArgumentException("not flat: " + node);
    }
  }

  private void convolution(FlatGraph.Node node, Conv2d conv, List<String> inputs) {
    String name = node.name();
    ConvWeights weights = (ConvWeights) node.weights();
    ConvGeometry geometry = conv.geometry(node.inputs().getFirst().shape());
    List<String> operands =
        new ArrayList<>(
            List.of(
                inputs.getFirst(),
                proto.tensor(
                    name + ":filter",
                    weights.filter(),
                    conv.outChannels(),
                    conv.channelsPerGroup(),
                    conv.kernelH(),
                    conv.kernelW())));
    weights
        .bias()
        .ifPresent(bias -> operands.add(proto.tensor(name + ":bias", bias, conv.outChannels())));
    boolean plain = conv.activation() instanceof Activation.None;
    String before = plain ? name : name + ":sum";
    String sum = conv.residual() ? name + ":conv" : before;
    proto.node(
        "Conv",
        operands,
        sum,
        OnnxProto.ints("dilations", conv.dilationH(), conv.dilationW()),
        OnnxProto.integer("group", conv.groups()),
        OnnxProto.ints("kernel_shape", conv.kernelH(), conv.kernelW()),
        OnnxProto.ints(
            "pads",
            geometry.padding().top(),
            geometry.padding().left(),
            geometry.padding().bottom(),
            geometry.padding().right()),
        OnnxProto.ints("strides", conv.strideH(), conv.strideW()));
    if (conv.residual()) {
      proto.node("Add", List.of(sum, inputs.getLast()), before);
    }
    if (!plain) {
      activation(name, conv.activation(), before);
    }
  }

  private void activation(String name, Activation activation, String from) {
    switch (activation) {
      case Activation.None _ -> throw new IllegalArgumentException("nothing to write");
      case Activation.Relu _ -> proto.node("Relu", List.of(from), name);
      case Activation.Relu6 _ -> clip(name, 0, 6, from);
      case Activation.Clamp(float min, float max) -> clip(name, min, max, from);
      case Activation.HardSwish _ -> proto.node("HardSwish", List.of(from), name);
      case Activation.LeakyRelu(float slope) ->
          proto.node("LeakyRelu", List.of(from), name, OnnxProto.real("alpha", slope));
      case Activation.Silu _ -> {
        proto.node("Sigmoid", List.of(from), name + ":sigmoid");
        proto.node("Mul", List.of(from, name + ":sigmoid"), name);
      }
    }
  }

  private void clip(String name, float min, float max, String from) {
    String lower = proto.tensor(name + ":min", new float[] {min});
    String upper = proto.tensor(name + ":max", new float[] {max});
    proto.node("Clip", List.of(from, lower, upper), name);
  }
}
