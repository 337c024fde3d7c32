package org.sepconv.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.reference.Reference;

/**
 * What a layer or a network must compute, in NCHW. The reference is slow, so it is computed once
 * and handed to the forks in a file: the values, then their bounds.
 */
record Answer(Reference.Result expected) {

  /** Names the file, in a fork. */
  static final String FILE_PROPERTY = "sepconv.bench.answer";

  /** From the file that the system property names; computed where it names none. */
  static Answer of(Subject subject) throws IOException {
    String file = System.getProperty(FILE_PROPERTY);
    return file == null ? compute(subject) : read(Path.of(file), subject.answerShape());
  }

  /** From the reference. */
  static Answer compute(Subject subject) {
    return new Answer(subject.answer());
  }

  void write(Path file) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel =
            FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      double[] values = expected.values();
      double[] bounds = expected.bounds();
      long bytes = (long) Double.BYTES * values.length;
      MemorySegment mapped = channel.map(MapMode.READ_WRITE, 0, 2 * bytes, arena);
      MemorySegment.copy(values, 0, mapped, ValueLayout.JAVA_DOUBLE, 0, values.length);
      MemorySegment.copy(bounds, 0, mapped, ValueLayout.JAVA_DOUBLE, bytes, bounds.length);
    }
  }

  static Answer read(Path file, Shape output) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long bytes = (long) Double.BYTES * output.elements();
      MemorySegment mapped = channel.map(MapMode.READ_ONLY, 0, 2 * bytes, arena);
      return new Answer(
          new Reference.Result(
              TensorSpec.nchw(output),
              mapped.asSlice(0, bytes).toArray(ValueLayout.JAVA_DOUBLE),
              mapped.asSlice(bytes, bytes).toArray(ValueLayout.JAVA_DOUBLE)));
    }
  }
}
