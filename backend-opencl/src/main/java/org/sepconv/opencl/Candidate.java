package org.sepconv.opencl;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One way to compute something: the kernels that are planned, with their tile sizes.
 *
 * @param name says what it is, as in {@code f32-pointwise-nhwc-14x2v16-cpu}; asked for once it is
 *     chosen
 * @param plan adds its launches to a plan
 */
record Candidate(Supplier<String> name, Consumer<KernelPlan.Builder> plan) {

  String id() {
    return name.get();
  }
}
