package org.sepconv.cpu.warm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.sepconv.Activation;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.tile.MatrixTile;
import org.sepconv.cpu.tile.PixelCopy;
import org.sepconv.cpu.tile.TileRows;
import org.sepconv.cpu.vector.MatrixProduct;
import org.sepconv.cpu.vector.VectorActivation;

/**
 * A problem so small that emitted code computes it fast even while it is interpreted: to have the
 * code compiled, {@code prepare} computes it some thousand times.
 *
 * <p>Whole runs take longer for that, and miss what there is little of in a run: the tile for the
 * last rows of the input is called so seldom that the JVM compiles it after a thousand runs, and
 * until then it takes longer than all the others together.
 *
 * @param once computes it once. Every loop of the code must be gone through more than once: where
 *     C2 has seen no way back, it expects none, and must compile again when there is one
 */
public record TinyProblem(Runnable once) {

  /**
   * Iterations of the innermost loop of a matrix tile. Few enough for the JVM to compile the
   * method, which it does after about 15,000 iterations in all, before it compiles the loop alone,
   * which would be of no use; and enough for C2 to see what is hot.
   */
  private static final int DEPTH = 8;

  /** Filters that reach or stride over more columns make no tiny problem. */
  public static final int MAX_REACH = 128;

  /** Problems in turn; with more code in its queue the JVM compiles in more steps. */
  private static final int TOGETHER = 4;

  /** Calls of one problem before the next has its turn. */
  private static final int CALLS = 20;

  /** After so many calls C2 has been asked, and needs the processor more than the problem does. */
  private static final int CALLS_FOR_COMPILER = 6_000;

  private static final long PAUSE_NANOS = 500_000;

  /** C2 is asked after 5,000 calls at the latest; this leaves it a second. */
  private static final int MOST_CALLS = 40_000;

  /** Two taps of two matrix tiles of so many rows and vectors. */
  public static TinyProblem of(
      MatrixTile tile, TileRows rows, MatrixProduct.Access access, int vectors, int lanes) {
    int tiles = 2;
    int[] taps = {0, DEPTH};
    int width = vectors * lanes;
    int vectorStep = tiles * rows.count() * access.outStride();
    float[] a = new float[rows.next() + rows.offset(rows.count() - 1) + 2 * DEPTH];
    float[] panel = new float[2 * DEPTH * width];
    float[] out = new float[vectors * vectorStep + RowKernel.SLACK];
    float[] fence = new float[MatrixTile.FENCE_FLOATS];
    int tail = access.masked() ? access.outStride() : width;
    return new TinyProblem(
        () ->
            tile.compute(
                a,
                0,
                taps,
                DEPTH,
                panel,
                0,
                panel,
                0,
                out,
                0,
                out,
                0,
                vectorStep,
                tail,
                tiles,
                fence));
  }

  /** Nine pixels of two blocks: some steps of several pixels and some of one. */
  public static TinyProblem of(PixelCopy copy, int sourceStride, int targetStride) {
    int pixels = 11;
    int blockStep = pixels * sourceStride;
    float[] source = new float[2 * blockStep + RowKernel.SLACK];
    float[] target = new float[pixels * targetStride + 2 * RowKernel.SLACK];
    return new TinyProblem(() -> copy.compute(source, 0, blockStep, target, 0, pixels, 2));
  }

  /** Some whole vectors and a part of one. */
  public static TinyProblem of(Activation activation) {
    float[] values = new float[4 * RowKernel.SLACK - 1];
    return new TinyProblem(() -> VectorActivation.apply(activation, values, 0, values.length));
  }

  /**
   * Computes the problems until C2 has compiled the code of each.
   *
   * @param end when to give up, as {@link System#nanoTime()}
   */
  public static void warmUp(List<TinyProblem> problems, long end) {
    AllocationMeter meter = AllocationMeter.ofThisThread();
    List<Pending> pending = new ArrayList<>();
    problems.forEach(problem -> pending.add(new Pending(problem)));
    while (!pending.isEmpty() && System.nanoTime() < end) {
      List<Pending> turn = pending.subList(0, Math.min(TOGETHER, pending.size()));
      turn.removeIf(next -> next.compute(meter));
      if (!turn.isEmpty() && turn.stream().allMatch(Pending::waitsForCompiler)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static final class Pending {
    private final TinyProblem problem;
    private int calls;

    Pending(TinyProblem problem) {
      this.problem = problem;
    }

    boolean waitsForCompiler() {
      return calls >= CALLS_FOR_COMPILER;
    }

    /** Computes the problem some times; whether it needs no more. */
    boolean compute(AllocationMeter meter) {
      // Code compiled by C2 has its vectors in registers; before that, each is an object.
      long before = meter.bytes();
      problem.once.run();
      if (meter.works() && meter.bytes() == before) {
        return true;
      }
      for (int i = 0; i < CALLS; i++) {
        problem.once.run();
      }
      calls += CALLS;
      return calls >= MOST_CALLS;
    }
  }
}
