package org.sepconv.files;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.sepconv.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** The header of a safetensors file. */
final class SafetensorsHeader {

  /** More than any array has. */
  private static final int LARGEST_RANK = 16;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(4).build())
          .build();

  /** Types of values. */
  enum Type {
    F64(8),
    F32(4),
    F16(2),
    BF16(2),
    I64(8),
    U64(8),
    I32(4),
    U32(4),
    I16(2),
    U16(2),
    I8(1),
    U8(1),
    BOOL(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }

    boolean isFloat() {
      return switch (this) {
        case F64, F32, F16, BF16 -> true;
        case I64, U64, I32, U32, I16, U16, I8, U8, BOOL -> false;
      };
    }

    /** The next value, as float32. */
    float next(ByteBuffer values) {
      return switch (this) {
        case F64 -> (float) values.getDouble();
        case F32 -> values.getFloat();
        case F16 -> Float.float16ToFloat(values.getShort());
        case BF16 -> Float.intBitsToFloat(values.getShort() << 16);
        case I64, U64, I32, U32, I16, U16, I8, U8, BOOL ->
            throw new IllegalArgumentException(this + " is no floating-point type");
      };
    }

    static Type of(String array, String name) {
      return Arrays.stream(values())
          .filter(type -> type.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "%s has values of type %s, which is not one of %s"
                          .formatted(array, printable(name), Arrays.toString(values()))));
    }
  }

  /**
   * An array.
   *
   * @param shape of floating-point values; others are not read
   * @param from where its values begin behind the header, in bytes
   * @param to where they end
   */
  record Entry(String name, Type type, int[] shape, long from, long to) {
    int elements() {
      return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }
  }

  private SafetensorsHeader() {}

  /**
   * @param rest how many bytes follow the header
   * @throws IllegalArgumentException if it is malformed, or says what cannot be
   */
  static List<Entry> parse(String text, long rest) {
    List<Entry> entries = new ArrayList<>();
    Set<String> names = new HashSet<>();
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
      expect(json.nextToken(), JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        expect(json.nextToken(), JsonToken.START_OBJECT);
        if (name.equals("__metadata__")) {
          json.skipChildren();
          continue;
        }
        if (!names.add(name)) {
          throw new IllegalArgumentException("it has " + printable(name) + " twice");
        }
        entries.add(entry(json, name, rest));
      }
      expect(json.currentToken(), JsonToken.END_OBJECT);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("something follows its object");
      }
      refuseOverlaps(entries);
      return entries;
    } catch (JacksonException malformed) {
      throw new IllegalArgumentException(malformed.getOriginalMessage(), malformed);
    }
  }

  /** Arrays that share bytes would take more memory than the file has. */
  private static void refuseOverlaps(List<Entry> entries) {
    List<Entry> sorted = entries.stream().sorted(Comparator.comparingLong(Entry::from)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).from < sorted.get(i - 1).to) {
        throw new IllegalArgumentException(
            "%s lies on %s"
                .formatted(printable(sorted.get(i).name), printable(sorted.get(i - 1).name)));
      }
    }
  }

  private static Entry entry(JsonParser json, String name, long rest) {
    String array = printable(name);
    String type = "";
    List<Long> shape = null;
    List<Long> offsets = null;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = json.currentName();
      json.nextToken();
      switch (key) {
        case "dtype" -> type = json.getString();
        case "shape" -> shape = numbers(json, array);
        case "data_offsets" -> offsets = numbers(json, array);
        default -> throw new IllegalArgumentException(array + " has an unknown " + printable(key));
      }
    }
    if (type.isEmpty() || shape == null || offsets == null || offsets.size() != 2) {
      throw new IllegalArgumentException(array + " lacks its dtype, shape or data_offsets");
    }
    return checked(name, Type.of(array, type), shape, offsets.getFirst(), offsets.getLast(), rest);
  }

  private static Entry checked(
      String name, Type type, List<Long> shape, long from, long to, long rest) {
    String array = printable(name);
    double elements = 1; // in double: the product may be anything
    for (long size : shape) {
      if (size < 1 && type.isFloat()) {
        throw new IllegalArgumentException(
            "%s has the shape %s, but every size must be at least 1"
                .formatted(array, FloatArray.python(shape)));
      }
      elements *= size;
    }
    if (from < 0 || from > to || to > rest || elements * type.bytes() != to - from) {
      throw new IllegalArgumentException(
          "%s of %s in the shape %s lies from %d to %d of %d bytes, which do not fit"
              .formatted(array, type, FloatArray.python(shape), from, to, rest));
    }
    if (elements > Shape.MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "%s has the shape %s, more than the %d values that one array can hold"
              .formatted(array, FloatArray.python(shape), Shape.MAX_ELEMENTS));
    }
    int[] sizes =
        type.isFloat() ? shape.stream().mapToInt(Math::toIntExact).toArray() : new int[] {0};
    return new Entry(name, type, sizes, from, to);
  }

  private static List<Long> numbers(JsonParser json, String array) {
    expect(json.currentToken(), JsonToken.START_ARRAY);
    List<Long> numbers = new ArrayList<>();
    while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      numbers.add(json.getLongValue());
      if (numbers.size() > LARGEST_RANK) {
        throw new IllegalArgumentException(
            "%s has more than %d dimensions".formatted(array, LARGEST_RANK));
      }
    }
    expect(json.currentToken(), JsonToken.END_ARRAY);
    return numbers;
  }

  private static void expect(JsonToken found, JsonToken wanted) {
    if (found != wanted) {
      throw new IllegalArgumentException("%s where %s is due".formatted(found, wanted));
    }
  }

  private static String printable(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() > 100 ? clean.substring(0, 100) + "..." : clean;
  }
}
