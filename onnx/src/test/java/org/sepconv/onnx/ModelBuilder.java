package org.sepconv.onnx;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.SplittableRandom;
import org.sepconv.onnx.proto.AttributeProto;
import org.sepconv.onnx.proto.GraphProto;
import org.sepconv.onnx.proto.ModelProto;
import org.sepconv.onnx.proto.NodeProto;
import org.sepconv.onnx.proto.OperatorSetIdProto;
import org.sepconv.onnx.proto.TensorProto;
import org.sepconv.onnx.proto.TensorShapeProto;
import org.sepconv.onnx.proto.TypeProto;
import org.sepconv.onnx.proto.ValueInfoProto;

/** Builds small models, as exporters write them. */
final class ModelBuilder {
  private final int opset;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("small");
  private final SplittableRandom random = new SplittableRandom(3);

  ModelBuilder(int opset) {
    this.opset = opset;
  }

  /** An input of floating-point numbers; negative sizes are free. */
  ModelBuilder input(String name, int... dimensions) {
    graph.addInput(value(name, dimensions));
    return this;
  }

  ModelBuilder output(String name) {
    graph.addOutput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(
                TypeProto.newBuilder()
                    .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1))));
    return this;
  }

  private static ValueInfoProto value(String name, int... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int size : dimensions) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(size < 0 ? dimension.setDimParam("free") : dimension.setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(1).setShape(shape)))
        .build();
  }

  /** Random numbers between -1 and 1. */
  ModelBuilder weights(String name, int... dimensions) {
    return weights(name, -1, 1, dimensions);
  }

  ModelBuilder weights(String name, double from, double to, int... dimensions) {
    int size = 1;
    for (int length : dimensions) {
      size *= length;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(from, to);
    }
    return floats(name, values, dimensions);
  }

  ModelBuilder floats(String name, float[] values, int... dimensions) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
    for (int size : dimensions) {
      tensor.addDims(size);
    }
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor(tensor);
  }

  /** One number. */
  ModelBuilder number(String name, double value) {
    return floats(name, new float[] {(float) value});
  }

  ModelBuilder integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(7).addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor(tensor);
  }

  ModelBuilder tensor(TensorProto.Builder tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** A constant of a type of whole numbers; without dimensions it is one number. */
  ModelBuilder whole(String name, TensorProto.DataType type, int[] values, int... dimensions) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
    for (int size : dimensions) {
      tensor.addDims(size);
    }
    for (int value : values) {
      tensor.addInt32Data(value);
    }
    return tensor(tensor);
  }

  /**
   * @param operator with its domain before a colon, where that is not ONNX's
   * @param inputs and outputs, separated by spaces; {@code _} for one that is left out
   */
  ModelBuilder node(String operator, String inputs, String outputs, AttributeProto... attributes) {
    int behind = operator.indexOf(':') + 1;
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setDomain(operator.substring(0, Math.max(0, behind - 1)))
            .setOpType(operator.substring(behind));
    for (String input : inputs.split(" ")) {
      node.addInput(input.equals("_") ? "" : input);
    }
    for (String output : outputs.split(" ")) {
      node.addOutput(output);
    }
    graph.addNode(node.addAllAttribute(List.of(attributes)));
    return this;
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto real(String name, double value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF((float) value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  ModelProto proto() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .setGraph(graph)
        .build();
  }

  byte[] bytes() {
    return proto().toByteArray();
  }
}
