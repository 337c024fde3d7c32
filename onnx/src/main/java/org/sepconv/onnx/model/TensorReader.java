package org.sepconv.onnx.model;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.onnx.proto.StringStringEntryProto;
import org.sepconv.onnx.proto.TensorProto;

/**
 * Reads tensors: raw bytes, the typed fields, or bytes of another file. Nothing is allocated before
 * it is clear that the values are there.
 */
final class TensorReader {
  // TensorProto.DataType
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int UINT16 = 4;
  private static final int INT16 = 5;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final int BOOL = 9;
  private static final int FLOAT16 = 10;
  private static final int DOUBLE = 11;
  private static final int UINT32 = 12;
  private static final int UINT64 = 13;
  private static final int BFLOAT16 = 16;

  private static final int MAX_RANK = 16;

  private final ExternalData external;

  TensorReader(ExternalData external) {
    this.external = external;
  }

  /** Whether values of this type are floating-point numbers. */
  static boolean isReal(int type) {
    return type == FLOAT || type == FLOAT16 || type == DOUBLE || type == BFLOAT16;
  }

  /** What values of this type are; 0 where a file does not say. */
  static ModelFile.Numbers numbers(int type) {
    if (type == 0 || isReal(type)) {
      return ModelFile.Numbers.REAL;
    }
    return type == UINT8 || type == INT8 ? ModelFile.Numbers.BYTES : ModelFile.Numbers.WHOLE;
  }

  /**
   * @param what it is, for messages
   */
  Tensor read(String what, TensorProto proto) {
    String place = "%s '%s'".formatted(what, proto.getName());
    try {
      return read(proto);
    } catch (OnnxException wrong) {
      throw new OnnxException(place + ": " + wrong.getMessage(), wrong);
    }
  }

  private Tensor read(TensorProto proto) {
    int type = proto.getDataType();
    int width = width(type);
    if (proto.hasSegment()) {
      throw new OnnxException("tensors in segments are not supported");
    }
    int[] dimensions = dimensions(proto);
    int size = Tensor.elements(dimensions);
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      Map<String, String> entries = new HashMap<>();
      for (StringStringEntryProto entry : proto.getExternalDataList()) {
        entries.put(entry.getKey(), entry.getValue());
      }
      return raw(dimensions, type, external.read(entries, (long) size * width));
    }
    if (proto.hasRawData()) {
      ByteString raw = proto.getRawData();
      if (raw.size() != (long) size * width) {
        throw new OnnxException(
            "it has %d bytes, but its dimensions need %d"
                .formatted(raw.size(), (long) size * width));
      }
      return raw(dimensions, type, raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
    }
    return typed(proto, dimensions, size, type);
  }

  private static int[] dimensions(TensorProto proto) {
    if (proto.getDimsCount() > MAX_RANK) {
      throw new OnnxException("it has %d dimensions".formatted(proto.getDimsCount()));
    }
    int[] dimensions = new int[proto.getDimsCount()];
    for (int i = 0; i < dimensions.length; i++) {
      long size = proto.getDims(i);
      if (size < 0 || size > Integer.MAX_VALUE) {
        throw new OnnxException("a dimension is " + size);
      }
      dimensions[i] = (int) size;
    }
    return dimensions;
  }

  /** Bytes of one value. */
  private static int width(int type) {
    return switch (type) {
      case UINT8, INT8, BOOL -> 1;
      case UINT16, INT16, FLOAT16, BFLOAT16 -> 2;
      case FLOAT, INT32, UINT32 -> 4;
      case INT64, UINT64, DOUBLE -> 8;
      default ->
          throw new OnnxException("values of ONNX's type %d are not supported".formatted(type));
    };
  }

  private static Tensor raw(int[] dimensions, int type, ByteBuffer bytes) {
    int size = Tensor.elements(dimensions);
    if (isReal(type)) {
      float[] values = new float[size];
      if (type == FLOAT) {
        bytes.asFloatBuffer().get(values);
        return Tensor.of(dimensions, values);
      }
      for (int i = 0; i < size; i++) {
        values[i] =
            switch (type) {
              case FLOAT16 -> Float.float16ToFloat(bytes.getShort());
              case BFLOAT16 -> Float.intBitsToFloat(bytes.getShort() << 16);
              default -> (float) bytes.getDouble();
            };
      }
      return Tensor.of(dimensions, values);
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] =
          switch (type) {
            case UINT8, BOOL -> Byte.toUnsignedLong(bytes.get());
            case INT8 -> bytes.get();
            case UINT16 -> Short.toUnsignedLong(bytes.getShort());
            case INT16 -> bytes.getShort();
            case INT32 -> bytes.getInt();
            case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
            default -> bytes.getLong();
          };
    }
    return Tensor.of(dimensions, values, WholeType.of(type));
  }

  private static Tensor typed(TensorProto proto, int[] dimensions, int size, int type) {
    return switch (type) {
      case FLOAT -> {
        checkCount(proto.getFloatDataCount(), size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = proto.getFloatData(i);
        }
        yield Tensor.of(dimensions, values);
      }
      case DOUBLE -> {
        checkCount(proto.getDoubleDataCount(), size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] = (float) proto.getDoubleData(i);
        }
        yield Tensor.of(dimensions, values);
      }
      case FLOAT16, BFLOAT16 -> {
        checkCount(proto.getInt32DataCount(), size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          int bits = proto.getInt32Data(i);
          values[i] =
              type == FLOAT16
                  ? Float.float16ToFloat((short) bits)
                  : Float.intBitsToFloat(bits << 16);
        }
        yield Tensor.of(dimensions, values);
      }
      default -> {
        List<? extends Number> list =
            switch (type) {
              case INT64 -> proto.getInt64DataList();
              case UINT32, UINT64 -> proto.getUint64DataList();
              default -> proto.getInt32DataList();
            };
        checkCount(list.size(), size);
        yield Tensor.of(
            dimensions, list.stream().mapToLong(Number::longValue).toArray(), WholeType.of(type));
      }
    };
  }

  private static void checkCount(int count, int size) {
    if (count != size) {
      throw new OnnxException(
          "it has %d values, but its dimensions need %d".formatted(count, size));
    }
  }
}
