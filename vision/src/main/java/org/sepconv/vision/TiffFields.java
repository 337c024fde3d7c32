package org.sepconv.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * How many values the fields of a TIFF claim. The JDK's reader takes memory for as many as a field
 * says before it looks for them: hundreds of megabytes for a file of one kilobyte.
 *
 * <pre>
 *   "II" or "MM" | 42 | offset of a directory
 *   directory: count | count x (tag, type, number of values, value or offset) | offset of the next
 * </pre>
 */
final class TiffFields {
  private static final int VERSION = 42;
  private static final int HEADER = 8;
  private static final int ENTRY = 12;

  /** Bytes of a value of each type; 0 is none. */
  private static final int[] TYPE_BYTES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4};

  /** Fields that point to further directories: parts, EXIF, GPS, interoperability. */
  private static final Set<Integer> DIRECTORIES = Set.of(330, 34665, 34853, 40965);

  private final ByteBuffer file;
  private final Deque<Long> waiting = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();

  private TiffFields(ByteBuffer file) {
    this.file = file;
  }

  /**
   * Whether no field claims more bytes than the file has. Anything else that may be wrong is left
   * to who reads the file.
   */
  static boolean fit(byte[] bytes) {
    if (bytes.length < HEADER) {
      return true;
    }
    ByteBuffer file = ByteBuffer.wrap(bytes);
    file.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return file.getShort(2) != VERSION || new TiffFields(file).fit();
  }

  private boolean fit() {
    waiting.add(unsigned(4));
    while (!waiting.isEmpty()) {
      long directory = waiting.remove();
      if (directory >= HEADER
          && directory + 2 <= file.limit()
          && seen.add(directory)
          && !fits((int) directory)) {
        return false;
      }
    }
    return true;
  }

  private boolean fits(int directory) {
    int count = Short.toUnsignedInt(file.getShort(directory));
    for (int i = 0; i < count; i++) {
      int at = directory + 2 + i * ENTRY;
      if (at + ENTRY > file.limit()) {
        return true; // cut short, which every reader notices
      }
      int type = Short.toUnsignedInt(file.getShort(at + 2));
      long values = unsigned(at + 4);
      if (type < TYPE_BYTES.length && values * TYPE_BYTES[type] > file.limit()) {
        return false;
      }
      if (DIRECTORIES.contains(Short.toUnsignedInt(file.getShort(at)))) {
        waiting.add(unsigned(at + 8));
      }
    }
    int next = directory + 2 + count * ENTRY;
    if (next + Integer.BYTES <= file.limit()) {
      waiting.add(unsigned(next));
    }
    return true;
  }

  private long unsigned(int at) {
    return Integer.toUnsignedLong(file.getInt(at));
  }
}
