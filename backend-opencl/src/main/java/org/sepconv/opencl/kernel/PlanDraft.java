package org.sepconv.opencl.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A plan on paper: kernels that run one after the other, the packed weights that they read and the
 * buffers between them. Nothing here is compiled, and nothing lies on a device.
 */
public final class PlanDraft {
  private final List<Launch> launches = new ArrayList<>();
  private final List<MemorySegment> constants = new ArrayList<>();
  private final List<Long> scratchBytes = new ArrayList<>();

  /** Packed weights, which this keeps without copying them. */
  Argument constant(float[] values) {
    return constant(MemorySegment.ofArray(values));
  }

  /** A table of numbers, which this keeps without copying it. */
  Argument constant(int[] values) {
    return constant(MemorySegment.ofArray(values));
  }

  private Argument constant(MemorySegment values) {
    constants.add(values);
    return new Argument.Constant(constants.size() - 1);
  }

  /** A buffer between two launches. */
  public Argument scratch(long bytes) {
    scratchBytes.add(bytes);
    return new Argument.Scratch(scratchBytes.size() - 1);
  }

  /** Adds a kernel that runs after those before it. */
  public void launch(Launch launch) {
    launches.add(launch);
  }

  /**
   * Adds the kernels of a candidate, on these buffers in place of the plan's source, residual and
   * destination.
   */
  public void add(Candidate candidate, Argument source, Argument residual, Argument destination) {
    int first = launches.size();
    candidate.plan().accept(this);
    for (int i = first; i < launches.size(); i++) {
      launches.set(
          i,
          launches
              .get(i)
              .with(
                  argument ->
                      switch (argument) {
                        case Argument.Input(int number) ->
                            number == Argument.SOURCE.number() ? source : residual;
                        case Argument.Destination _ -> destination;
                        case Argument.Scratch _,
                            Argument.Constant _,
                            Argument.Local _,
                            Argument.Int _,
                            Argument.Float _ ->
                            argument;
                      }));
    }
  }

  /** In the order in which they run. */
  public List<Launch> launches() {
    return Collections.unmodifiableList(launches);
  }

  /** By the numbers of {@link Argument.Constant}. */
  public List<MemorySegment> constants() {
    return Collections.unmodifiableList(constants);
  }

  /** By the numbers of {@link Argument.Scratch}. */
  public List<Long> scratchBytes() {
    return Collections.unmodifiableList(scratchBytes);
  }
}
