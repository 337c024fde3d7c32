package org.sepconv.bench.implementation;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.cases.ShapeCase;

/**
 * Writes a layer as an ONNX model, with input {@value #INPUT} and output {@value #OUTPUT} in NCHW.
 * The field numbers are those of the specification's {@code onnx.proto}.
 */
final class OnnxModel {
  static final String INPUT = "x";
  static final String OUTPUT = "y";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int FLOAT = 1; // TensorProto.DataType

  // AttributeProto.AttributeType
  private static final int TYPE_FLOAT = 1;
  private static final int TYPE_INT = 2;
  private static final int TYPE_INTS = 7;

  /** What goes into a message. */
  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private final List<byte[]> nodes = new ArrayList<>();
  private final List<byte[]> initializers = new ArrayList<>();

  private OnnxModel() {}

  /** The bytes of the model. */
  static byte[] of(ShapeCase shape, Weights weights) {
    OnnxModel model = new OnnxModel();
    switch (shape.convolution()) {
      case Conv2d conv ->
          model.convolution("conv", conv, (ConvWeights) weights, shape.input(), INPUT, OUTPUT);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        SeparableWeights both = (SeparableWeights) weights;
        Shape middle = depthwise.outputShape(shape.input());
        model.convolution(
            "depthwise", depthwise, both.depthwise(), shape.input(), INPUT, "between");
        model.convolution("pointwise", pointwise, both.pointwise(), middle, "between", OUTPUT);
      }
    }
    return model.model(shape.input(), shape.output());
  }

  private void convolution(
      String name, Conv2d conv, ConvWeights weights, Shape input, String from, String to) {
    ConvGeometry geometry = conv.geometry(input);
    List<String> inputs = new ArrayList<>(List.of(from, name + ".filter"));
    tensor(
        name + ".filter",
        weights.filter(),
        conv.outChannels(),
        conv.channelsPerGroup(),
        conv.kernelH(),
        conv.kernelW());
    if (weights.bias().isPresent()) {
      inputs.add(name + ".bias");
      tensor(name + ".bias", weights.bias().get(), conv.outChannels());
    }
    boolean plain = conv.activation() instanceof Activation.None;
    String sum = plain ? to : name + ".sum";
    nodes.add(
        node(
            "Conv",
            inputs,
            sum,
            ints("dilations", conv.dilationH(), conv.dilationW()),
            integer("group", conv.groups()),
            ints("kernel_shape", conv.kernelH(), conv.kernelW()),
            ints(
                "pads",
                geometry.padding().top(),
                geometry.padding().left(),
                geometry.padding().bottom(),
                geometry.padding().right()),
            ints("strides", conv.strideH(), conv.strideW())));
    if (!plain) {
      activation(name, conv.activation(), sum, to);
    }
  }

  private void activation(String name, Activation activation, String from, String to) {
    switch (activation) {
      case Activation.None _ -> throw new IllegalArgumentException("nothing to write");
      case Activation.Relu _ -> nodes.add(node("Relu", List.of(from), to));
      case Activation.Relu6 _ -> clip(name, 0, 6, from, to);
      case Activation.Clamp(float min, float max) -> clip(name, min, max, from, to);
      case Activation.HardSwish _ -> nodes.add(node("HardSwish", List.of(from), to));
      case Activation.LeakyRelu(float slope) ->
          nodes.add(node("LeakyRelu", List.of(from), to, real("alpha", slope)));
      case Activation.Sigmoid _ -> nodes.add(node("Sigmoid", List.of(from), to));
      case Activation.HardSigmoid _ ->
          nodes.add(
              node("HardSigmoid", List.of(from), to, real("alpha", 1 / 6f), real("beta", 0.5f)));
      case Activation.Gelu _ -> gelu(name, from, to);
      case Activation.Tanh _ -> nodes.add(node("Tanh", List.of(from), to));
      case Activation.Silu _ -> {
        nodes.add(node("Sigmoid", List.of(from), name + ".sigmoid"));
        nodes.add(node("Mul", List.of(from, name + ".sigmoid"), to));
      }
    }
  }

  /** As PyTorch's exporter writes it: ONNX Runtime makes one operator of the five. */
  private void gelu(String name, String from, String to) {
    tensor(name + ".sqrt2", new float[] {(float) Math.sqrt(2)});
    tensor(name + ".one", new float[] {1});
    tensor(name + ".half", new float[] {0.5f});
    nodes.add(node("Div", List.of(from, name + ".sqrt2"), name + ".scaled"));
    nodes.add(node("Erf", List.of(name + ".scaled"), name + ".erf"));
    nodes.add(node("Add", List.of(name + ".erf", name + ".one"), name + ".plus"));
    nodes.add(node("Mul", List.of(from, name + ".plus"), name + ".product"));
    nodes.add(node("Mul", List.of(name + ".product", name + ".half"), to));
  }

  private void clip(String name, float min, float max, String from, String to) {
    tensor(name + ".min", new float[] {min});
    tensor(name + ".max", new float[] {max});
    nodes.add(node("Clip", List.of(from, name + ".min", name + ".max"), to));
  }

  private void tensor(String name, float[] values, int... dimensions) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    initializers.add(
        message(
            out -> {
              for (int dimension : dimensions) {
                out.writeInt64(1, dimension);
              }
              out.writeInt32(2, FLOAT);
              out.writeString(8, name);
              out.writeByteArray(9, bytes.array());
            }));
  }

  private byte[] model(Shape input, Shape output) {
    byte[] opset = message(out -> out.writeInt64(2, OPSET));
    byte[] graph =
        message(
            out -> {
              for (byte[] node : nodes) {
                embed(out, 1, node);
              }
              out.writeString(2, "layer");
              for (byte[] initializer : initializers) {
                embed(out, 5, initializer);
              }
              embed(out, 11, value(INPUT, input));
              embed(out, 12, value(OUTPUT, output));
            });
    return message(
        out -> {
          out.writeInt64(1, IR_VERSION);
          embed(out, 7, graph);
          embed(out, 8, opset);
        });
  }

  private static byte[] value(String name, Shape shape) {
    byte[] dimensions =
        message(
            out -> {
              for (int size : new int[] {shape.n(), shape.c(), shape.h(), shape.w()}) {
                embed(out, 1, message(dimension -> dimension.writeInt64(1, size)));
              }
            });
    byte[] tensor =
        message(
            out -> {
              out.writeInt32(1, FLOAT);
              embed(out, 2, dimensions);
            });
    return message(
        out -> {
          out.writeString(1, name);
          embed(out, 2, message(type -> embed(type, 1, tensor)));
        });
  }

  private static byte[] node(
      String operator, List<String> inputs, String output, byte[]... attributes) {
    return message(
        out -> {
          for (String input : inputs) {
            out.writeString(1, input);
          }
          out.writeString(2, output);
          out.writeString(3, output);
          out.writeString(4, operator);
          for (byte[] attribute : attributes) {
            embed(out, 5, attribute);
          }
        });
  }

  private static byte[] ints(String name, int... values) {
    return message(
        out -> {
          out.writeString(1, name);
          for (int value : values) {
            out.writeInt64(8, value);
          }
          out.writeInt32(20, TYPE_INTS);
        });
  }

  private static byte[] integer(String name, int value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeInt64(3, value);
          out.writeInt32(20, TYPE_INT);
        });
  }

  private static byte[] real(String name, float value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeFloat(2, value);
          out.writeInt32(20, TYPE_FLOAT);
        });
  }

  private static void embed(CodedOutputStream out, int field, byte[] message) throws IOException {
    out.writeBytes(field, ByteString.copyFrom(message));
  }

  private static byte[] message(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      content.writeTo(out);
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
