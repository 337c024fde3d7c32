package org.sepconv.cpu.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sepconv.cpu.warm.TinyProblem.State;

class TinyProblemTest {

  /** Of a problem: each call allocates, until it is compiled. */
  private static final class Compiling implements AllocationMeter {
    private final long compiledAfter;
    private final boolean works;
    private long calls;

    Compiling(long compiledAfter, boolean works) {
      this.compiledAfter = compiledAfter;
      this.works = works;
    }

    TinyProblem.Pending pending() {
      return new TinyProblem.Pending(new TinyProblem(() -> calls++));
    }

    @Override
    public long bytes() {
      return works ? 16 * Math.min(calls, compiledAfter) : 0;
    }

    @Override
    public boolean works() {
      return works;
    }
  }

  private static State last(TinyProblem.Pending pending, AllocationMeter meter) {
    State state = State.PENDING;
    while (state == State.PENDING) {
      state = pending.compute(meter);
    }
    return state;
  }

  @Test
  void aThousandCallsMakeTheJvmAskForTheMethodAndNotForItsLoopAlone() {
    // From 600 calls on at 15,000 calls and steps in all; the loop by itself at 40,000 steps.
    assertTrue(600 * (1 + TinyProblem.HEAT) >= 15_000);
    assertTrue(1_000 * TinyProblem.HEAT < 40_000);
  }

  @Test
  void aCallThatComputesCountsForAsMuchWhateverItComputes() {
    for (int steps = 0; steps < 60; steps++) {
      int all = steps + TinyProblem.idle(steps);
      assertTrue(all >= TinyProblem.HEAT && all <= 60, all + " steps");
    }
  }

  @Test
  void mostCallsOfHeatedCodeComputeNothing() {
    int[] calls = new int[2];
    TinyProblem heated =
        TinyProblem.heated(heat -> calls[heat == 0 ? 0 : 1] += heat == 0 ? 1 : heat);
    TinyProblem.Pending pending = new TinyProblem.Pending(heated);
    AllocationMeter jvm = new Compiling(0, false);
    while (!pending.waitsForCompiler()) {
      assertEquals(State.PENDING, pending.compute(jvm));
    }
    int idle = calls[1] / TinyProblem.HEAT;
    assertTrue(calls[0] >= 80, () -> calls[0] + " that compute: enough to meet all of the code");
    assertTrue(idle >= 1_000, () -> idle + " that do not");
    assertTrue(idle >= 9 * calls[0], () -> idle + " that do not, " + calls[0] + " that do");
  }

  @Test
  void aProblemIsComputedUntilItAllocatesNothing() {
    Compiling jvm = new Compiling(900, true);
    TinyProblem.Pending pending = jvm.pending();
    assertEquals(State.COMPILED, last(pending, jvm));
    assertTrue(jvm.calls >= 900, () -> jvm.calls + " calls");
    assertFalse(pending.waitsForCompiler());
  }

  @Test
  void itWaitsForACompilerThatIsSlowAndIsComputedMeanwhile() {
    Compiling jvm = new Compiling(6_000, true);
    TinyProblem.Pending pending = jvm.pending();
    while (!pending.waitsForCompiler()) {
      assertEquals(State.PENDING, pending.compute(jvm));
    }
    long before = jvm.calls;
    assertTrue(before < 6_000, () -> before + " calls");
    assertEquals(State.COMPILED, last(pending, jvm));
  }

  @Test
  void whatAllocatesForGoodIsGivenUp() {
    Compiling jvm = new Compiling(Long.MAX_VALUE, true);
    assertEquals(State.GIVEN_UP, last(jvm.pending(), jvm));
  }

  @Test
  void whereNobodyCanTellItCountsAsCompiledSomeTimeLater() {
    Compiling jvm = new Compiling(Long.MAX_VALUE, false);
    TinyProblem.Pending pending = jvm.pending();
    assertEquals(State.COMPILED, last(pending, jvm));
    assertTrue(pending.waitsForCompiler());
  }
}
