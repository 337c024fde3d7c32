package org.sepconv.onnx.write;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.sepconv.Shape;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.proto.AttributeProto;
import org.sepconv.onnx.proto.GraphProto;
import org.sepconv.onnx.proto.ModelProto;
import org.sepconv.onnx.proto.NodeProto;
import org.sepconv.onnx.proto.OperatorSetIdProto;
import org.sepconv.onnx.proto.TensorProto;
import org.sepconv.onnx.proto.TensorShapeProto;
import org.sepconv.onnx.proto.TypeProto;
import org.sepconv.onnx.proto.ValueInfoProto;

/** The messages of a model that is being written. */
final class GraphBuilder {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  /** Protobuf cannot hold more in one message. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  /** Adds a constant; its name is returned. */
  String tensor(String name, float[] values, int... dimensions) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(bytes));
    for (int size : dimensions) {
      tensor.addDims(size);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds a constant list of whole numbers; its name is returned. */
  String integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.INT64_VALUE)
            .addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    graph.addInitializer(tensor);
    return name;
  }

  /** Adds a constant number of 8 bits without a sign; its name is returned. */
  String unsignedByte(String name, int value) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.UINT8_VALUE)
            .addInt32Data(value));
    return name;
  }

  /** Adds a node with one output, which it is called as. */
  void node(String operator, List<String> inputs, String output, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
  }

  void input(String name, Shape shape) {
    graph.addInput(value(name, shape));
  }

  void output(String name, Shape shape) {
    graph.addOutput(value(name, shape));
  }

  /** The bytes of the model. */
  byte[] model(String name) {
    ModelProto model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("sepconv")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
            .setGraph(graph.setName(name))
            .build();
    // Protobuf counts in an int, which has wrapped around by then.
    long bytes = 0;
    for (TensorProto tensor : graph.getInitializerList()) {
      bytes += tensor.getRawData().size();
    }
    if (bytes > MAX_BYTES || model.getSerializedSize() < 0) {
      throw new OnnxException(
          "the model has %d bytes of weights, more than one file can hold".formatted(bytes));
    }
    return model.toByteArray();
  }

  private static ValueInfoProto value(String name, Shape shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (int size : new int[] {shape.n(), shape.c(), shape.h(), shape.w()}) {
      dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT_VALUE)
                        .setShape(dimensions)))
        .build();
  }

  static AttributeProto ints(String name, int... values) {
    AttributeProto.Builder attribute = attribute(name, AttributeProto.AttributeType.INTS);
    for (int value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return attribute(name, AttributeProto.AttributeType.INT).setI(value).build();
  }

  static AttributeProto real(String name, float value) {
    return attribute(name, AttributeProto.AttributeType.FLOAT).setF(value).build();
  }

  static AttributeProto text(String name, String value) {
    return attribute(name, AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }
}
