package org.sepconv.djl;

import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Copies between the host and a dense array of the engine on the CPU. */
final class HostCopy {
  /** The most bytes that one {@link ByteBuffer} can show, in whole cache lines. */
  private static final long WINDOW = Integer.MAX_VALUE & -64;

  private HostCopy() {}

  static void write(PtNDArray dense, MemorySegment source) {
    write(dense, source, WINDOW);
  }

  static void read(PtNDArray dense, MemorySegment target) {
    read(dense, target, WINDOW);
  }

  static void write(PtNDArray dense, MemorySegment source, long window) {
    forEachWindow(
        dense,
        source.byteSize(),
        window,
        (offset, memory) -> memory.copyFrom(source.asSlice(offset, memory.byteSize())));
  }

  static void read(PtNDArray dense, MemorySegment target, long window) {
    forEachWindow(
        dense,
        target.byteSize(),
        window,
        (offset, memory) -> target.asSlice(offset, memory.byteSize()).copyFrom(memory));
  }

  private interface Copy {
    void at(long offset, MemorySegment memory);
  }

  private static void forEachWindow(PtNDArray dense, long bytes, long window, Copy copy) {
    if (bytes <= window) {
      copy.at(0, memory(dense));
      return;
    }
    try (PtNDArray flat = (PtNDArray) dense.reshape(bytes / Float.BYTES)) {
      for (long offset = 0; offset < bytes; offset += window) {
        long end = Math.min(bytes, offset + window);
        try (PtNDArray part =
            (PtNDArray) flat.get("{}:{}", offset / Float.BYTES, end / Float.BYTES)) {
          copy.at(offset, memory(part));
        }
      }
    }
  }

  /** The array's own memory, as long as it lives: the engine copies only what is not dense. */
  private static MemorySegment memory(PtNDArray dense) {
    return MemorySegment.ofBuffer(dense.toByteBuffer(true));
  }
}
