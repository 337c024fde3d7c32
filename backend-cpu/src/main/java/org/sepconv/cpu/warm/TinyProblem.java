package org.sepconv.cpu.warm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A problem so small that emitted code computes it fast even while it is interpreted: to have the
 * code compiled, {@code prepare} computes it some hundred times, and calls it some thousand times.
 *
 * <p>Whole runs take longer for that, and miss what there is little of in a run: the tile for the
 * last rows of the input is called so seldom that the JVM compiles it after a thousand runs, and
 * until then it takes longer than all the others together.
 *
 * @param once computes it once. Every loop of the code must be gone through more than once: where
 *     C2 has seen no way back, it expects none, and must compile again when there is one
 * @param heat calls the code so that it counts for the JVM, and computes nothing where it can: a
 *     call that computes makes some hundred objects of vectors before C2 has compiled it
 */
public record TinyProblem(Runnable once, Runnable heat) {

  /** Filters that reach or stride over more columns make no tiny problem. */
  public static final int MAX_REACH = 128;

  /**
   * Empty steps of a call that computes nothing: after 600 calls the JVM asks C2, if calls and
   * steps of loops are 15,000 in all. With 40,000 steps before that it would compile the loops
   * alone, which is of no use.
   */
  public static final int HEAT = 30;

  /** Problems in turn; with more code in its queue the JVM compiles in more steps. */
  static final int TOGETHER = 4;

  /**
   * Calls for the JVM to count, for each that computes. C2 compiles after 800 to 1,000 calls of
   * code that C1 has made, and those of them that compute must have met all of the code: of a call
   * that has never been made it does not know the class of the vector, and makes objects for good.
   */
  private static final int HEATED_CALLS = 10;

  /** Calls of a problem whose calls all compute, before the next has its turn. */
  private static final int CALLS = 20;

  /**
   * The first calls are interpreted: those of heated code compute nothing, for it takes some
   * milliseconds and nobody counts what is met.
   */
  private static final int CALLS_OF_INTERPRETER = 300;

  /**
   * After so many calls C2 has usually been asked, and needs the processor more than the problem
   * does: the JVM looks at the counters of a method every 1,024 calls, or 8,192 steps of loops.
   */
  private static final int CALLS_FOR_COMPILER = 1_000;

  /** For the compiler, where all problems of a turn wait for it. */
  static final long PAUSE_NANOS = 1_000_000;

  /**
   * From then on a problem is computed so long, at least once, before the next has its turn: code
   * without a loop needs some more calls, and any code where C2 has much to do.
   */
  private static final long SLICE_NANOS = 30_000;

  /** Of these slices; leaves C2 some seconds, and more where others want the processor. */
  private static final int MOST_WAITS = 5_000;

  /** After so many the code should be compiled, where nobody can tell. */
  private static final int BLIND_WAITS = 500;

  /**
   * Empty steps of a call that computes too, which make it count for more: so C2 is asked for this
   * code before the many small methods that interpreted vectors go through. The tiles of operations
   * have these: where most calls compute nothing, C2 knows less of what is hot in them, and keeps
   * sums on the stack in one of two JVMs with vectors of 256 bits.
   *
   * @param steps of loops that a call has anyway
   */
  public static int idle(int steps) {
    return Math.max(0, HEAT - steps);
  }

  /** A problem whose calls all compute. */
  public TinyProblem(Runnable once) {
    this(once, once);
  }

  /**
   * A problem of code that can be told to compute nothing.
   *
   * @param call computes it once if it is given 0, and else so many empty steps
   */
  public static TinyProblem heated(IntConsumer call) {
    return new TinyProblem(() -> call.accept(0), () -> call.accept(HEAT));
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
      turn.removeIf(next -> next.compute(meter) != State.PENDING);
      if (!turn.isEmpty() && turn.stream().allMatch(Pending::waitsForCompiler)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean isHeated() {
    return heat != once;
  }

  /** How far the JVM's compiler is. */
  enum State {
    PENDING,
    COMPILED,
    /** It never may be. */
    GIVEN_UP
  }

  /** A problem that is computed until its code is compiled. */
  static final class Pending {
    private final TinyProblem problem;
    private int calls;
    private int waits;

    Pending(TinyProblem problem) {
      this.problem = problem;
    }

    boolean waitsForCompiler() {
      return calls >= CALLS_FOR_COMPILER + (problem.isHeated() ? CALLS_OF_INTERPRETER : 0);
    }

    /** Computes the problem some times. */
    State compute(AllocationMeter meter) {
      if (problem.isHeated() && calls > 0 && calls < CALLS_OF_INTERPRETER) {
        heat(HEATED_CALLS);
        return State.PENDING;
      }
      // Code compiled by C2 has its vectors in registers; before that, each is an object.
      long before = meter.bytes();
      problem.once.run();
      if (meter.works() && meter.bytes() == before) {
        return State.COMPILED;
      }
      if (waitsForCompiler()) {
        long end = System.nanoTime() + SLICE_NANOS;
        do {
          problem.once.run();
          if (problem.isHeated()) {
            heat(HEATED_CALLS);
          }
        } while (System.nanoTime() < end);
        waits++;
        if (meter.works()) {
          return waits < MOST_WAITS ? State.PENDING : State.GIVEN_UP;
        }
        return waits < BLIND_WAITS ? State.PENDING : State.COMPILED;
      }
      heat(problem.isHeated() ? HEATED_CALLS : CALLS);
      return State.PENDING;
    }

    private void heat(int more) {
      calls += more;
      for (int i = 0; i < more; i++) {
        problem.heat.run();
      }
    }
  }
}
