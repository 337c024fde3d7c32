package org.sepconv.files;

import java.io.EOFException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Arrays by their names in the safetensors format, in which weights of PyTorch's models are handed
 * on.
 *
 * <pre>
 *   header length: u64 | header: JSON {name: {dtype, shape, data_offsets: [from, to]}} | values
 * </pre>
 *
 * <p>Read: F32, and F64, F16 and BF16, which become float32; F64 is rounded. Arrays of integers and
 * booleans, such as PyTorch's {@code num_batches_tracked}, are left out. Written: F32, 8 bytes
 * aligned, names in their order.
 */
public final class SafetensorsFile {
  private static final int PREFIX = Long.BYTES;

  /** What the format's own library allows. */
  private static final int LONGEST_HEADER = 100_000_000;

  private static final int CHUNK = 1 << 20;

  private SafetensorsFile() {}

  /**
   * Reads all arrays of floating-point numbers, in the order of the header.
   *
   * @throws IllegalArgumentException if it is no such file, saying what is wrong with which array
   * @throws IOException if the file cannot be read
   */
  public static Map<String, FloatArray> read(Path path) throws IOException {
    return InputFile.read(path, channel -> read(path, channel));
  }

  private static Map<String, FloatArray> read(Path path, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < PREFIX) {
      throw refused(path, "is truncated: it ends within the header's length");
    }
    long length = take(channel, PREFIX).getLong();
    if (length < 2 || length > LONGEST_HEADER || length > size - PREFIX) {
      throw refused(
          path,
          "is no safetensors file: it says that its header has %s bytes"
              .formatted(Long.toUnsignedString(length)));
    }
    String text = StandardCharsets.UTF_8.decode(take(channel, (int) length)).toString();
    List<SafetensorsHeader.Entry> entries;
    try {
      entries = SafetensorsHeader.parse(text, size - PREFIX - length);
    } catch (IllegalArgumentException malformed) {
      throw refused(path, "has a malformed header: " + malformed.getMessage());
    }
    Map<String, FloatArray> arrays = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry entry : entries) {
      if (entry.type().isFloat()) {
        channel.position(PREFIX + length + entry.from());
        arrays.put(entry.name(), array(channel, entry));
      }
    }
    return arrays;
  }

  private static FloatArray array(FileChannel channel, SafetensorsHeader.Entry entry)
      throws IOException {
    int[] shape = entry.shape();
    float[] values = new float[entry.elements()];
    int bytes = entry.type().bytes();
    for (int from = 0; from < values.length; from += CHUNK / bytes) {
      int count = Math.min(CHUNK / bytes, values.length - from);
      ByteBuffer chunk = take(channel, count * bytes);
      for (int i = 0; i < count; i++) {
        values[from + i] = entry.type().next(chunk);
      }
    }
    return FloatArray.of(entry.name(), values, shape);
  }

  private static ByteBuffer take(FileChannel channel, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new EOFException("it became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  private static IllegalArgumentException refused(Path path, String what) {
    return new IllegalArgumentException(path + " " + what);
  }

  /**
   * Writes arrays, whole or not at all.
   *
   * @throws IOException if it cannot be written; an old file then stays as it was
   */
  public static void write(Path path, Map<String, FloatArray> arrays) throws IOException {
    byte[] header = header(arrays).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(
        path,
        out -> {
          int padded = Math.ceilDiv(header.length, PREFIX) * PREFIX;
          ByteBuffer start = ByteBuffer.allocate(PREFIX + padded).order(ByteOrder.LITTLE_ENDIAN);
          start.putLong(padded).put(header);
          while (start.hasRemaining()) {
            start.put((byte) ' ');
          }
          out.write(start.array());
          for (FloatArray array : arrays.values()) {
            NpyFormat.writeValues(array.values(), out);
          }
        });
  }

  private static String header(Map<String, FloatArray> arrays) {
    StringWriter text = new StringWriter();
    long at = 0;
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      for (Map.Entry<String, FloatArray> array : arrays.entrySet()) {
        json.writeName(array.getKey());
        json.writeStartObject();
        json.writeStringProperty("dtype", SafetensorsHeader.Type.F32.name());
        json.writeName("shape");
        int[] shape = array.getValue().shape().stream().mapToInt(size -> size).toArray();
        json.writeArray(shape, 0, shape.length);
        json.writeName("data_offsets");
        long end = at + (long) Float.BYTES * array.getValue().values().length;
        json.writeArray(new long[] {at, end}, 0, 2);
        json.writeEndObject();
        at = end;
      }
      json.writeEndObject();
    }
    return text.toString();
  }
}
