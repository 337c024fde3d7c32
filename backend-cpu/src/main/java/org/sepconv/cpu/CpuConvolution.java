package org.sepconv.cpu;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/**
 * A convolution ready to run: a kernel, and how its rows are split over the threads. Kernels know
 * NHWC only; NCHW data is turned around before and after.
 */
final class CpuConvolution extends PreparedConvolution {
  private final RowKernel kernel;
  private final WorkerPool pool;
  private final int rows;
  private final int parts;
  private final Queue<Workspace> workspaces = new ConcurrentLinkedQueue<>();

  CpuConvolution(
      CpuBackend backend,
      Convolution convolution,
      TensorSpec source,
      TensorSpec destination,
      RowKernel kernel,
      WorkerPool pool) {
    super(backend, convolution, source, destination);
    this.kernel = kernel;
    this.pool = pool;
    this.rows = destination.shape().n() * destination.shape().h();
    this.parts = parts(rows, kernel.stripRows(), pool.threads());
  }

  /** As few strips as the kernel likes, but the same number for each thread if there are enough. */
  static int parts(int rows, int stripRows, int threads) {
    int strips = Math.ceilDiv(rows, stripRows);
    return Math.min(rows, Math.ceilDiv(strips, threads) * threads);
  }

  @Override
  public String kernel() {
    return kernel.id();
  }

  @Override
  protected void compute(Tensor src, Tensor dst) {
    Workspace workspace = workspaces.poll();
    if (workspace == null) {
      workspace = new Workspace();
    }
    float[] in = ((CpuTensor) src).values();
    float[] out = ((CpuTensor) dst).values();
    if (source().layout() == Layout.NCHW) {
      transpose(in, workspace.in, source().shape(), true);
      in = workspace.in;
    }
    float[] result = destination().layout() == Layout.NCHW ? workspace.out : out;
    run(in, result, workspace);
    if (destination().layout() == Layout.NCHW) {
      transpose(result, out, destination().shape(), false);
    }
    workspaces.add(workspace);
  }

  private void run(float[] in, float[] out, Workspace workspace) {
    pool.run(
        parts,
        (part, worker) -> {
          int first = (int) ((long) rows * part / parts);
          int end = (int) ((long) rows * (part + 1) / parts);
          kernel.compute(in, out, first, end, workspace.scratch(worker));
        });
  }

  /** Turns each image around, a strip of rows a part. */
  private void transpose(float[] from, float[] to, Shape shape, boolean toNhwc) {
    int pixels = shape.h() * shape.w();
    int strips = Math.min(shape.h(), pool.threads());
    pool.run(
        shape.n() * strips,
        (part, _) -> {
          int base = part / strips * pixels * shape.c();
          int strip = part % strips;
          int first = (int) ((long) pixels * strip / strips);
          int end = (int) ((long) pixels * (strip + 1) / strips);
          if (toNhwc) {
            Transpose.toNhwc(from, to, base, shape.c(), pixels, first, end);
          } else {
            Transpose.toNchw(from, to, base, shape.c(), pixels, first, end);
          }
        });
  }

  @Override
  protected void release() {
    workspaces.clear();
  }

  /** What one run needs beside its tensors; kept for the next run. */
  private final class Workspace {
    private final float[] in = array(source());
    private final float[] out = array(destination());
    private final float[][] scratch = new float[pool.threads()][];

    private static float[] array(TensorSpec spec) {
      return new float[spec.layout() == Layout.NCHW ? CpuTensor.arrayLength(spec) : 0];
    }

    /** Made by the thread that uses it, so that its pages are near. */
    float[] scratch(int worker) {
      if (scratch[worker] == null) {
        scratch[worker] = new float[kernel.scratchFloats() + RowKernel.SLACK];
      }
      return scratch[worker];
    }
  }
}
