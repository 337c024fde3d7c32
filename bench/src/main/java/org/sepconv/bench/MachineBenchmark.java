package org.sepconv.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What the machine can do, for each thread: the limits that rows are compared with. The score is in
 * calls per second; a call of {@link #multiplyAdd} is {@link #FLOPS} FLOPs, one of {@link #read}
 * {@link #BYTES} bytes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Thread)
public class MachineBenchmark {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int FLOATS = 160_000;
  private static final int SUMS = 12;

  /** Larger than any second-level cache. */
  static final int BYTES = 64 << 20;

  private float[] values;
  private float factor;

  /**
   * FLOPs of one call of {@link #multiplyAdd}, whatever the vectors. A constant, so that whoever
   * starts the forks need not have the Vector API itself.
   */
  static final long FLOPS = 2L * SUMS * FLOATS;

  /** Fills what the benchmarks read. */
  @Setup
  public void setup() {
    values = new float[BYTES / Float.BYTES];
    java.util.Arrays.fill(values, 1f);
    factor = 0.999f;
  }

  /** Twelve independent sums: more than two units of four cycles' latency can keep busy. */
  @Benchmark
  public float multiplyAdd() {
    FloatVector x = FloatVector.broadcast(SPECIES, factor);
    FloatVector y = FloatVector.broadcast(SPECIES, 1 - factor);
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
    for (int i = 0; i < FLOATS; i += SPECIES.length()) {
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
    return even.add(odd).lane(0);
  }

  /** Sums an array that no cache near the core holds. */
  @Benchmark
  public float read() {
    int step = SPECIES.length();
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    for (int i = 0; i < values.length; i += 4 * step) {
      s0 = s0.add(FloatVector.fromArray(SPECIES, values, i));
      s1 = s1.add(FloatVector.fromArray(SPECIES, values, i + step));
      s2 = s2.add(FloatVector.fromArray(SPECIES, values, i + 2 * step));
      s3 = s3.add(FloatVector.fromArray(SPECIES, values, i + 3 * step));
    }
    return s0.add(s1).add(s2.add(s3)).lane(0);
  }
}
