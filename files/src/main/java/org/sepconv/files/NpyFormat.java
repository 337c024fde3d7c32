package org.sepconv.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.sepconv.Shape;

/**
 * One array as bytes, in a file of its own or within an archive.
 *
 * <pre>
 *   0x93 N U M P Y | major minor | header length: u16 (1.0), u32 (2.0, 3.0) | header | values
 * </pre>
 */
final class NpyFormat {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int ALIGNMENT = 64;

  /** NumPy leaves room for the first dimension to grow to so many digits without a rewrite. */
  private static final int GROWTH_DIGITS = 21;

  /** Far above any header of plain values; structured types, which may be longer, are not read. */
  private static final int LONGEST_HEADER = 1 << 20;

  private static final int CHUNK = 1 << 20;

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("f2", "float16"),
          Map.entry("f4", "float32"),
          Map.entry("f8", "float64"),
          Map.entry("f16", "float128"),
          Map.entry("i1", "int8"),
          Map.entry("i2", "int16"),
          Map.entry("i4", "int32"),
          Map.entry("i8", "int64"),
          Map.entry("u1", "uint8"),
          Map.entry("u2", "uint16"),
          Map.entry("u4", "uint32"),
          Map.entry("u8", "uint64"),
          Map.entry("b1", "bool"),
          Map.entry("c8", "complex64"),
          Map.entry("c16", "complex128"));

  private NpyFormat() {}

  /**
   * @param name of the array, for messages
   * @param size how many bytes the channel has
   */
  static FloatArray read(String name, ReadableByteChannel channel, long size) throws IOException {
    return new Reading(name, channel, size).array();
  }

  static void write(FloatArray array, OutputStream out) throws IOException {
    out.write(header(array.shape()));
    writeValues(array.values(), out);
  }

  /** Little-endian float32, without anything between them. */
  static void writeValues(float[] values, OutputStream out) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
      int count = Math.min(CHUNK / Float.BYTES, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      out.write(chunk.array(), 0, count * Float.BYTES);
    }
  }

  private static byte[] header(List<Integer> shape) {
    StringBuilder text = new StringBuilder();
    text.append("{'descr': '<f4', 'fortran_order': False, 'shape': ");
    text.append(FloatArray.python(shape)).append(", }");
    if (!shape.isEmpty()) {
      text.append(" ".repeat(GROWTH_DIGITS - shape.getFirst().toString().length()));
    }
    int prefix = MAGIC.length + 2 + Short.BYTES;
    // Where only the newline is missing, NumPy adds 64 spaces before it, not none.
    int used = prefix + text.length() + 1;
    text.append(" ".repeat(ALIGNMENT - used % ALIGNMENT)).append('\n');
    return ByteBuffer.allocate(prefix + text.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length())
        .put(text.toString().getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /** One file while it is being read: every size is checked before memory is taken for it. */
  private static final class Reading {
    private final String name;
    private final ReadableByteChannel channel;
    private long rest;

    Reading(String name, ReadableByteChannel channel, long size) {
      this.name = name;
      this.channel = channel;
      this.rest = size;
    }

    FloatArray array() throws IOException {
      NpyHeader header = header();
      checkType(header.descr());
      if (header.fortranOrder() && header.shape().size() > 1) {
        throw refused(
            "is in Fortran order, but only C order is read", "np.ascontiguousarray(%s)", "");
      }
      int[] shape = shape(header.shape());
      float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < values.length; from += CHUNK / Float.BYTES) {
        int count = Math.min(CHUNK / Float.BYTES, values.length - from);
        fill(chunk.clear().limit(count * Float.BYTES));
        chunk.asFloatBuffer().get(values, from, count);
      }
      return FloatArray.of(name, values, shape);
    }

    private NpyHeader header() throws IOException {
      checkMagic();
      ByteBuffer version = take(2, "the version");
      int major = Byte.toUnsignedInt(version.get());
      int minor = Byte.toUnsignedInt(version.get());
      if (major < 1 || major > 3 || minor != 0) {
        throw refused(
            "has the format version %d.%d, but only 1.0, 2.0 and 3.0 are known"
                .formatted(major, minor));
      }
      long length =
          major == 1
              ? Short.toUnsignedLong(take(Short.BYTES, "the header's length").getShort())
              : Integer.toUnsignedLong(take(Integer.BYTES, "the header's length").getInt());
      if (length > LONGEST_HEADER) {
        throw refused("says that its header has %d bytes, more than any array's".formatted(length));
      }
      Charset charset = major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
      String text = charset.decode(take((int) length, "the header")).toString();
      try {
        return NpyHeader.parse(text);
      } catch (IllegalArgumentException malformed) {
        throw refused("has a malformed header: " + malformed.getMessage());
      }
    }

    private void checkMagic() throws IOException {
      byte[] start = new byte[(int) Math.min(MAGIC.length, rest)];
      fill(ByteBuffer.wrap(start));
      if (Arrays.equals(start, MAGIC)) {
        return;
      }
      if (start.length >= 2 && start[0] == 'P' && start[1] == 'K') {
        throw new IllegalArgumentException(
            "%s is a zip archive (.npz?), not a .npy file; save one array of it: np.save('x.npy', np.load('%s')['NAME'])"
                .formatted(name, name));
      }
      throw refused(
          "is not a NumPy file: it does not start with \\x93NUMPY; write it with np.save");
    }

    private void checkType(String descr) {
      if (descr.equals("<f4")) {
        return;
      }
      if (descr.isEmpty()) {
        throw refused(
            "holds records of several fields, but only float32 ('<f4') is read; save one");
      }
      boolean ordered = "<>|=".indexOf(descr.charAt(0)) >= 0;
      String type = TYPES.getOrDefault(ordered ? descr.substring(1) : descr, "another type");
      String order = descr.charAt(0) == '>' ? "big-endian " : "";
      throw refused(
          "holds %s%s ('%s'), but only little-endian float32 ('<f4') is read"
              .formatted(order, type, descr),
          "%s",
          ".astype('<f4')");
    }

    /** The sizes, if their product fits an array and is just what the rest of the file holds. */
    private int[] shape(List<BigInteger> sizes) throws IOException {
      BigInteger elements = BigInteger.ONE;
      for (BigInteger size : sizes) {
        if (size.signum() <= 0) {
          throw refused(
              "has the shape %s, but every size must be at least 1"
                  .formatted(FloatArray.python(sizes)));
        }
        elements = elements.multiply(size);
      }
      if (elements.compareTo(BigInteger.valueOf(Shape.MAX_ELEMENTS)) > 0) {
        throw refused(
            "has the shape %s, more than the %d values that one array can hold"
                .formatted(FloatArray.python(sizes), Shape.MAX_ELEMENTS));
      }
      long needed = elements.longValue() * Float.BYTES;
      if (rest != needed) {
        throw refused(
            "%s: the shape %s needs %d bytes of values, but %d follow the header; save it again with np.save"
                .formatted(
                    rest < needed ? "is truncated" : "has something after its values",
                    FloatArray.python(sizes),
                    needed,
                    rest));
      }
      return sizes.stream().mapToInt(BigInteger::intValueExact).toArray();
    }

    private ByteBuffer take(int count, String what) throws IOException {
      if (rest < count) {
        throw refused("is truncated: it ends within " + what);
      }
      ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
      fill(bytes);
      return bytes;
    }

    /** Fills the buffer and makes it ready to be read. */
    private void fill(ByteBuffer buffer) throws IOException {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new EOFException("it became shorter while it was read");
        }
      }
      rest -= buffer.limit();
      buffer.flip();
    }

    private IllegalArgumentException refused(String what) {
      return new IllegalArgumentException(name + " " + what);
    }

    private IllegalArgumentException refused(String what, String call, String method) {
      String load = "np.load('" + name + "')";
      return refused(
          "%s; convert it: np.save('%s', %s%s)"
              .formatted(what, name, call.formatted(load), method));
    }
  }
}
