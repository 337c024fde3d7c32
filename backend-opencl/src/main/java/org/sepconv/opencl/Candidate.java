package org.sepconv.opencl;

import java.util.function.Consumer;

/**
 * One way to compute something: the kernels that are planned, with their tile sizes.
 *
 * @param id what it is, as in {@code f32-pointwise-nhwc-14x2v16-cpu}
 * @param plan adds its launches to a plan
 */
record Candidate(String id, Consumer<KernelPlan.Builder> plan) {}
