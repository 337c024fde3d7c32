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
import org.sepconv.Shape;

/**
 * The messages of an ONNX model. The field numbers are those of the specification's {@code
 * onnx.proto}.
 */
final class OnnxProto {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  // TensorProto.DataType
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  // AttributeProto.AttributeType
  private static final int TYPE_FLOAT = 1;
  private static final int TYPE_INT = 2;
  private static final int TYPE_STRING = 3;
  private static final int TYPE_INTS = 7;

  /** What goes into a message. */
  private interface Content {
    void writeTo(CodedOutputStream out) throws IOException;
  }

  private final List<byte[]> nodes = new ArrayList<>();
  private final List<byte[]> initializers = new ArrayList<>();

  /** Adds a constant; its name is returned. */
  String tensor(String name, float[] values, int... dimensions) {
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
    return name;
  }

  /** Adds a constant vector of whole numbers; its name is returned. */
  String integers(String name, long... values) {
    initializers.add(
        message(
            out -> {
              out.writeInt64(1, values.length);
              out.writeInt32(2, INT64);
              for (long value : values) {
                out.writeInt64(7, value);
              }
              out.writeString(8, name);
            }));
    return name;
  }

  /** Adds a node with one output. */
  void node(String operator, List<String> inputs, String output, byte[]... attributes) {
    nodes.add(
        message(
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
            }));
  }

  /** The model of all nodes. */
  byte[] model(List<FlatGraph.Value> inputs, List<FlatGraph.Value> outputs) {
    byte[] opset = message(out -> out.writeInt64(2, OPSET));
    byte[] graph =
        message(
            out -> {
              for (byte[] node : nodes) {
                embed(out, 1, node);
              }
              out.writeString(2, "graph");
              for (byte[] initializer : initializers) {
                embed(out, 5, initializer);
              }
              for (FlatGraph.Value input : inputs) {
                embed(out, 11, value(input.name(), input.shape()));
              }
              for (FlatGraph.Value output : outputs) {
                embed(out, 12, value(output.name(), output.shape()));
              }
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

  /** An attribute. */
  static byte[] ints(String name, int... values) {
    return message(
        out -> {
          out.writeString(1, name);
          for (int value : values) {
            out.writeInt64(8, value);
          }
          out.writeInt32(20, TYPE_INTS);
        });
  }

  /** An attribute. */
  static byte[] integer(String name, int value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeInt64(3, value);
          out.writeInt32(20, TYPE_INT);
        });
  }

  /** An attribute. */
  static byte[] real(String name, float value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeFloat(2, value);
          out.writeInt32(20, TYPE_FLOAT);
        });
  }

  /** An attribute. */
  static byte[] text(String name, String value) {
    return message(
        out -> {
          out.writeString(1, name);
          out.writeBytes(4, ByteString.copyFromUtf8(value));
          out.writeInt32(20, TYPE_STRING);
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
