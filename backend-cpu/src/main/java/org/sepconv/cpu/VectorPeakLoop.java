package org.sepconv.cpu;

import org.sepconv.cpu.vector.VectorPeak;
import org.sepconv.machine.PeakLoop;

/** The {@link PeakLoop} of the Vector API, where the JVM was started with it. */
public final class VectorPeakLoop implements PeakLoop {

  /** For {@link java.util.ServiceLoader}. */
  public VectorPeakLoop() {}

  @Override
  public boolean isAvailable() {
    return VectorApi.pays();
  }

  @Override
  public String describe() {
    return VectorPeak.LANES + " lanes";
  }

  @Override
  public long run(int steps) {
    return VectorPeak.run(steps);
  }
}
