package org.sepconv.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Fused multiply-adds in registers and nothing else. */
public final class VectorPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  public static final int LANES = SPECIES.length();
  private static final int SUMS = 12;

  /** Takes what was computed, so that it must be. */
  @SuppressWarnings("UnusedVariable")
  private static volatile float result;

  private VectorPeak() {}

  /** Twelve independent sums: more than two units of four cycles' latency can keep busy. */
  public static long run(int steps) {
    FloatVector x = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector y = FloatVector.broadcast(SPECIES, 0.001f);
    FloatVector s0 = x;
    FloatVector s1 = x.add(1);
    FloatVector s2 = x.add(2);
    FloatVector s3 = x.add(3);
    FloatVector s4 = x.add(4);
    FloatVector s5 = x.add(5);
    FloatVector s6 = x.add(6);
    FloatVector s7 = x.add(7);
    FloatVector s8 = x.add(8);
    FloatVector s9 = x.add(9);
    FloatVector s10 = x.add(10);
    FloatVector s11 = x.add(11);
    for (int i = 0; i < steps; i++) {
      s0 = s0.fma(x, y);
      s1 = s1.fma(x, y);
      s2 = s2.fma(x, y);
      s3 = s3.fma(x, y);
      s4 = s4.fma(x, y);
      s5 = s5.fma(x, y);
      s6 = s6.fma(x, y);
      s7 = s7.fma(x, y);
      s8 = s8.fma(x, y);
      s9 = s9.fma(x, y);
      s10 = s10.fma(x, y);
      s11 = s11.fma(x, y);
    }
    FloatVector even = s0.add(s2).add(s4).add(s6).add(s8).add(s10);
    FloatVector odd = s1.add(s3).add(s5).add(s7).add(s9).add(s11);
    result = even.add(odd).lane(0);
    return 2L * SUMS * steps * LANES;
  }
}
