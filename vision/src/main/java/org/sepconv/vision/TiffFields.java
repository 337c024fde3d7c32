package org.sepconv.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * How much memory the fields of a TIFF claim, hundreds of megabytes for a file of one kilobyte. The
 * JDK's reader takes it for as many values as a field says before it looks for them, and for a
 * table of all values that a colour of an unusual number of bits may have.
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

  private static final int SHORT = 3;

  /** Fields that point to further directories: parts, EXIF, GPS, interoperability. */
  private static final Set<Integer> DIRECTORIES = Set.of(330, 34665, 34853, 40965);

  private static final int BITS_PER_SAMPLE = 258;

  /** As many the JDK makes a table for; 32 have none. */
  private static final int MOST_BITS = 16;

  private static final int INT_BITS = 32;

  private final ByteBuffer file;
  private final Deque<Long> waiting = new ArrayDeque<>();
  private final Set<Long> seen = new HashSet<>();

  private TiffFields(ByteBuffer file) {
    this.file = file;
  }

  /** Which claim is too large. Anything else that may be wrong is left to who reads the file. */
  static Optional<String> problem(byte[] bytes) {
    if (bytes.length < HEADER) {
      return Optional.empty();
    }
    ByteBuffer file = ByteBuffer.wrap(bytes);
    file.order(bytes[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return file.getShort(2) == VERSION ? new TiffFields(file).problem() : Optional.empty();
  }

  private Optional<String> problem() {
    waiting.add(unsigned(4));
    while (!waiting.isEmpty()) {
      long directory = waiting.remove();
      if (directory >= HEADER && directory + 2 <= file.limit() && seen.add(directory)) {
        Optional<String> problem = problem((int) directory);
        if (problem.isPresent()) {
          return problem;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> problem(int directory) {
    int count = Short.toUnsignedInt(file.getShort(directory));
    for (int i = 0; i < count; i++) {
      int at = directory + 2 + i * ENTRY;
      if (at + ENTRY > file.limit()) {
        return Optional.empty(); // cut short, which every reader notices
      }
      int type = Short.toUnsignedInt(file.getShort(at + 2));
      long values = unsigned(at + 4);
      if (type < TYPE_BYTES.length && values * TYPE_BYTES[type] > file.limit()) {
        return Optional.of("a field of it claims more values than the file has");
      }
      int tag = Short.toUnsignedInt(file.getShort(at));
      if (tag == BITS_PER_SAMPLE && type == SHORT) {
        for (int bits : shorts(at, (int) values)) {
          if (bits > MOST_BITS && bits < INT_BITS) {
            return Optional.of(
                "its colours have %d bits, but up to %d are read".formatted(bits, MOST_BITS));
          }
        }
      }
      if (DIRECTORIES.contains(tag)) {
        waiting.add(unsigned(at + 8));
      }
    }
    int next = directory + 2 + count * ENTRY;
    if (next + Integer.BYTES <= file.limit()) {
      waiting.add(unsigned(next));
    }
    return Optional.empty();
  }

  /** Values of a field of the type {@link #SHORT}, as far as the file has them. */
  private int[] shorts(int entry, int values) {
    int value = entry + 8;
    long start = values * Short.BYTES <= Integer.BYTES ? value : unsigned(value);
    return LongStream.range(0, values)
        .map(i -> start + i * Short.BYTES)
        .filter(at -> at + Short.BYTES <= file.limit())
        .mapToInt(at -> Short.toUnsignedInt(file.getShort((int) at)))
        .toArray();
  }

  private long unsigned(int at) {
    return Integer.toUnsignedLong(file.getInt(at));
  }
}
