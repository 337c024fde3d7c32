package org.sepconv.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Tensor;

/**
 * A tensor in an array on the heap, in blocks of channels, with slack at the end for vectors that
 * read past it. NCHW and NHWC are what is written and read; inside, both are the same.
 */
final class CpuTensor extends Tensor {
  private final ChannelBlocks blocks;
  private final Span values;

  CpuTensor(CpuBackend backend, TensorSpec spec, ChannelBlocks blocks) {
    super(backend, spec);
    this.blocks = blocks;
    this.values = Span.ofLength(Math.toIntExact(blocks.floats() + RowKernel.SLACK));
  }

  Span values() {
    return values;
  }

  @Override
  protected void upload(MemorySegment source) {
    Shape shape = spec().shape();
    float[] row = new float[shape.w() * Math.max(shape.c(), blocks.block())];
    for (int n = 0; n < shape.n(); n++) {
      for (int y = 0; y < shape.h(); y++) {
        if (spec().layout() == Layout.NHWC) {
          copy(source, (n * shape.h() + y) * shape.w() * shape.c(), row, 0, shape.w() * shape.c());
        }
        for (int b = 0; b < blocks.count(); b++) {
          int first = b * blocks.block();
          int channels = Math.min(blocks.block(), shape.c() - first);
          int target = values.offset() + blocks.row(n, b, y);
          if (spec().layout() == Layout.NHWC) {
            for (int x = 0; x < shape.w(); x++) {
              for (int c = 0; c < channels; c++) {
                values.array()[target + x * blocks.block() + c] = row[x * shape.c() + first + c];
              }
            }
          } else {
            for (int c = 0; c < channels; c++) {
              int from = ((n * shape.c() + first + c) * shape.h() + y) * shape.w();
              copy(source, from, row, c * shape.w(), shape.w());
            }
            for (int x = 0; x < shape.w(); x++) {
              for (int c = 0; c < channels; c++) {
                values.array()[target + x * blocks.block() + c] = row[c * shape.w() + x];
              }
            }
          }
        }
      }
    }
  }

  private static void copy(MemorySegment source, int from, float[] target, int to, int count) {
    MemorySegment.copy(source, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * from, target, to, count);
  }

  @Override
  protected void download(MemorySegment target) {
    Shape shape = spec().shape();
    float[] row = new float[shape.w() * Math.max(shape.c(), blocks.block())];
    for (int n = 0; n < shape.n(); n++) {
      for (int y = 0; y < shape.h(); y++) {
        for (int b = 0; b < blocks.count(); b++) {
          int first = b * blocks.block();
          int channels = Math.min(blocks.block(), shape.c() - first);
          int source = values.offset() + blocks.row(n, b, y);
          if (spec().layout() == Layout.NHWC) {
            for (int x = 0; x < shape.w(); x++) {
              for (int c = 0; c < channels; c++) {
                row[x * shape.c() + first + c] = values.array()[source + x * blocks.block() + c];
              }
            }
          } else {
            for (int x = 0; x < shape.w(); x++) {
              for (int c = 0; c < channels; c++) {
                row[c * shape.w() + x] = values.array()[source + x * blocks.block() + c];
              }
            }
            for (int c = 0; c < channels; c++) {
              int to = ((n * shape.c() + first + c) * shape.h() + y) * shape.w();
              paste(row, c * shape.w(), target, to, shape.w());
            }
          }
        }
        if (spec().layout() == Layout.NHWC) {
          paste(row, 0, target, (n * shape.h() + y) * shape.w() * shape.c(), shape.w() * shape.c());
        }
      }
    }
  }

  private static void paste(float[] source, int from, MemorySegment target, int to, int count) {
    MemorySegment.copy(source, from, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * to, count);
  }

  @Override
  protected void release() {
    // The garbage collector takes the array with the tensor.
  }
}
