package org.sepconv.opencl.kernel;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One way to compute something: the kernels that are planned, with their tile sizes.
 *
 * @param name says what it is, as in {@code f32-pointwise-nhwc-14x2v16-cpu}; asked for once it is
 *     chosen
 * @param plan adds its launches to a plan
 */
public record Candidate(Supplier<String> name, Consumer<PlanDraft> plan) {

  public String id() {
    return name.get();
  }
}
